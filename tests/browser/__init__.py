"""The journeys people make, in a real Chromium against the real programs: web server, worker, seven logins."""
