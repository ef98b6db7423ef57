"""The pages: public ones (`public`), those behind a person's own link (`my_data`), the owner's (`owner`)."""
