"""The projector: folds the log into read models and answers what people and programs ask of them.

It has no effect outside its own schema: no producer, and no client of any other service.
"""
