"""The owner's pages about the register itself: statement, record of processing, audit, erasure."""
