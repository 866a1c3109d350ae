"""What points to a person in a comment, kind by kind; `heardback.domain.identifying.redaction` is the door.

Each finder takes a text and yields where its kind stands, as start and end in characters. Every repeat is bounded and
every look around a word reaches a few words far, so the time grows with a text's length and no faster.
"""
