"""The register owner's pages of customers and people."""
