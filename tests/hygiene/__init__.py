"""Tests of the repository itself: what a tool can hold, so that taste need not."""
