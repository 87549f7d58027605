"""What all read models share: the shape of one, the batch, the set they form, and what is parked."""
