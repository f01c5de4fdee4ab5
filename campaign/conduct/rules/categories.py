"""What a report is about, and who alone looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from campaign.people.rules import Action


class Category(StrEnum):
    """What somebody reports."""

    SPAM = "spam"
    MISLEADING = "misleading"
    UNSAFE = "unsafe"
    DATA_MISUSE = "data misuse"
    IMPOSTOR = "impostor"
    HARASSMENT = "harassment"
    SEXUAL_HARASSMENT = "sexual harassment"
    DISCRIMINATION = "discrimination"


@dataclass(frozen=True)
class CategoryFacts:
    """How a category is put to people."""

    label: str
    hint: str


CATEGORIES: dict[Category, CategoryFacts] = {
    Category.SPAM: CategoryFacts("Spam", "Advertising, or the same thing again and again"),
    Category.MISLEADING: CategoryFacts("Misleading", "It is not what it says"),
    Category.UNSAFE: CategoryFacts("Unsafe", "Somebody could come to harm"),
    Category.DATA_MISUSE: CategoryFacts("Misuse of data", "Names, addresses or numbers passed on"),
    Category.IMPOSTOR: CategoryFacts("Impostor", "Somebody says they are who they are not"),
    Category.HARASSMENT: CategoryFacts("Harassment", "Threats, insults, being followed about"),
    Category.SEXUAL_HARASSMENT: CategoryFacts("Sexual harassment", "Words or touch, unwanted"),
    Category.DISCRIMINATION: CategoryFacts("Discrimination", "For who somebody is"),
}

# These go to the safeguarding officers and to nobody else; content goes to the moderators.
SAFEGUARDED = frozenset({Category.HARASSMENT, Category.SEXUAL_HARASSMENT, Category.DISCRIMINATION})
CONTENT = frozenset(Category) - SAFEGUARDED


def action_for(category: str) -> Action:
    """What one must be allowed to do to see a report of this category."""
    if Category(category) in SAFEGUARDED:
        return Action.SEE_CONDUCT_CASE
    return Action.SEE_CONTENT_CASE
