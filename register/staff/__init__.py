"""Who works with the register: invitations and rights, the owner's side of the accounts."""
