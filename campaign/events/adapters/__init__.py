"""The outside world of events: the file of templates, and photos as people send them."""

from campaign.events.adapters.templates import default_templates, templates_of

__all__ = ["default_templates", "templates_of"]
