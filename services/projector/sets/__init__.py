"""Which sets of read models are there, which of them are fed, and which one answers?"""
