"""The controls: a plain Django project over plain models, as its tutorial makes it. Never part of the register."""
