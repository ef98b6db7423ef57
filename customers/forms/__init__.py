"""The forms of the customers' pages: they clean what people type and call one use case."""
