"""The path of one comment, in order.

1. `sources`   read a tool's export into a table and map it to the canonical record; identity is dropped here.
2. `checks`    hold every row against the source's contract: accepted, or quarantined with its reasons.
3. `store`     keep what was accepted, once; raw bytes and quarantined rows stay where they can be looked at.
4. `domain`    screen for harm and complaints; the words, the deadlines, the table of moves.
5. `ledger`    open the comment's loop; from here on it is the one door through which a loop changes state.
6. `matching`  find the service change that answers it, with reasons, or say that nothing does.
7. `ledger`    record what the owner decided and how people were told.
8. `messages`  press the owner who has not moved.
9. `reports`   show the board what was closed, for whom and how fast; show young people what came of it.

Nothing in this package knows Prefect: `tasks` makes steps of it and `flows` says when they run.
"""
