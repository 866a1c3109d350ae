"""A mailbox and what stands in it: how it is opened, and a mail as a row."""
