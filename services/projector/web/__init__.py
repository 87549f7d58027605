"""What the routes of all read models share: answers, pages, and the paths only our own services may call."""
