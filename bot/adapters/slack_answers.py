"""Private answers and modals, by the straight way: a trigger lives 3 s, so nothing queues here."""

SLACK = "Slack"
