"""Tests of socialdesk."""
