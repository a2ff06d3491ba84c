"""An hour at Acme's desk, for the pictures: written to be looked at, judged by the policies that ship."""

from __future__ import annotations

from socialdesk.clock import MINUTE
from tests.tui.acme import Acme

POSTS: tuple[tuple[int, str, str, str, int, str], ...] = (
    # minutes ago, network, handle, name, followers, text
    (58, "mastodon", "maria_k", "Maria Keller", 214,
     "@AcmeCustServ my widget has been broken for days, third time this year."
     " The light stays red and it will not charge."),
    (51, "x", "tomwrites", "Tom Okafor", 96,
     "love the new Acme widget, thank you @AcmeCustServ for the quick swap!"),
    (49, "bluesky", "lena.sky.example", "Lena", 48, "@AcmeCustServ does the old dock fit the widget Pro?"),
    (44, "reddit", "quietstorm", "quietstorm", 12,
     "my #Acme widget broke after two days, just black. anybody else?"),
    (41, "x", "northpier", "North Pier News", 182_000,
     "Looking into reports that Acme widgets stop charging. Has yours?"),
    (37, "mastodon", "jo@kiln.example", "Jo Hart", 530,
     "@AcmeCustServ useless, absolutely useless. Five days, four mails, zero answers. You people are a disgrace."),
    (33, "x", "pfeiffer_m", "M. Pfeiffer", 75, "@AcmeCustServ the app logs me out every morning, is that known?"),
    (29, "mastodon", "samuel_r", "Samuel Ruiz", 320,
     "@AcmeCustServ the dock got so hot that it burnt my desk. Is this safe with children in the house?"),
    (26, "bluesky", "ada.sky.example", "Ada", 1_900,
     "@AcmeCustServ where do I send a widget back? The form wants an order number."),
    (22, "reddit", "gadgetgran", "gadgetgran", 8, "so's mine, my third Acme widget. black, will not charge."),
    (17, "x", "ines_d", "Inês Duarte", 640, "@AcmeCustServ I was charged twice for one widget, please look"),
    (12, "mastodon", "kofi@lab.example", "Kofi", 88, "Acme widget update: battery now lasts two days. Well done."),
    (7, "x", "ravenous_rt", "Raven", 410, "@AcmeCustServ parcel says delivered. it is not. what now"),
    (56, "x", "h_bergman", "Hanna Bergman", 1_204, "@AcmeCustServ is the store in Malmö open on Sunday?"),
    (53, "reddit", "lowbattery", "lowbattery", 3, "Acme widget arrived with a cracked lid, box looked fine"),
    (47, "mastodon", "femi_a", "Femi Adeyemi", 260,
     "@AcmeCustServ wie lange dauert eine Rücksendung nach Österreich?"),
    (39, "x", "clara_beau", "Clara Beaumont", 5_300, "@AcmeCustServ merci pour la réponse rapide hier !"),
    (35, "bluesky", "itsjune.sky.example", "June", 19,
     "@AcmeCustServ the blue one hums. a low hum. it is following me"),
    (31, "x", "dadofthree", "Marc T.", 142, "@AcmeCustServ ordered two, got one, invoice says two"),
    (24, "mastodon", "yuki@lab.example", "Yuki", 77, "@AcmeCustServ ウィジェットの色を変えられますか"),
    (19, "x", "vmorel", "Vera Morel", 890, "@AcmeCustServ update broke the timer again. please roll it back"),
    (14, "reddit", "benchpress9", "benchpress9", 55,
     "tip: hold the dial of the Acme widget ten seconds, fixes most things"),
    (9, "x", "olu_codes", "Olu", 3_100, "@AcmeCustServ is there an API for the widget?"),
    (5, "mastodon", "petra_v", "Petra Vogel", 64, "@AcmeCustServ my widget is stuck at 4 %, upset toddler here"),
    (3, "bluesky", "noor.sky.example", "Noor", 57, "@AcmeCustServ thanks, that worked!"),
)  # fmt: skip


def fill(acme: Acme) -> None:
    """Let the hour's posts come in, oldest first."""
    for ago, network, handle, name, followers, text in POSTS:
        acme.receive(
            text,
            handle,
            network=network,
            name=name,
            followers=followers,
            created=acme.clock.now() - ago * MINUTE,
        )
