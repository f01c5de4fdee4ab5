"""``python -m campaign`` is the ``campaign`` command."""

from campaign.commands import main

main()
