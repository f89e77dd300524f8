"""Stored calls priced anew, many at a time, by the rules and prices of live calls. Plain values in and out."""
