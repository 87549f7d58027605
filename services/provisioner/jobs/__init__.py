"""Jobs: what a person or the end of a course asks for, of one account or of many, decided part by part."""
