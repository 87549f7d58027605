"""A projector with a changed read model beside the usual ones, as one release would have it for a while."""
