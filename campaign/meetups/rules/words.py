"""The four words that bring somebody back to their place in the room, on whichever phone."""

from __future__ import annotations

import hashlib

MANY = 4
# Short, easy to say across a noisy hall, and no two that sound alike.
_SAID = """
acorn actor amber angle apple apron arrow atlas attic autumn bacon badge bagel bamboo banjo
barrel basil basket beach bean bench berry bicycle biscuit blanket blossom bottle branch bread
brick bridge broom brush bubble bucket button cabin cactus camel camera candle canoe carpet
carrot castle cedar cello cheese cherry chess circle cliff clock cloud clover coconut comet
copper coral cotton cradle crayon cricket crown cup curtain cushion daisy dancer desert diamond
dinner doctor dolphin donkey dragon drum eagle easel echo elbow elephant ember engine feather
fence fiddle finger flag flute forest fossil fountain fox galaxy garden garlic ginger giraffe
glove goose grape gravel guitar hammer harbour harvest hazel helmet heron hockey honey horse
igloo indigo iron island ivory jacket jigsaw jelly jungle kettle kitchen kite ladder lantern
lemon lentil leopard letter library lilac lizard lobster lotus magnet mango maple marble market
meadow melon mirror mitten monkey moon mosaic mountain mushroom music mustard napkin needle nest
noodle north nutmeg oak ocean olive onion orange orchard otter oven owl oyster paddle palace
pancake panda paper parrot parsley peach pebble pencil pepper piano picnic pillow pilot pine
planet pocket pond poppy potato prism pumpkin puzzle quartz quilt rabbit radio raft rainbow
raven ribbon river robin rocket rope rose rubber ruby saddle sailor salad salmon sandal scarf
school seal shadow shell silver skate sketch snow spider spoon squirrel stable starling steam
stone storm summer sunset swan table tailor teapot temple tent thunder ticket tiger timber toast
tomato torch trumpet tulip tunnel turtle umbrella valley velvet violin walnut water whale window
"""
WORDS = tuple(_SAID.split())


def words_of(key: str) -> str:
    """The four words of a phone's key: who has the key can say them, and nobody else."""
    made = hashlib.sha256(f"words:{key}".encode()).digest()
    return " ".join(WORDS[byte] for byte in made[:MANY])


def typed_words(text: str) -> str:
    """What somebody typed, as it is compared: small letters, one space between."""
    return " ".join("".join(s if s.isalpha() else " " for s in text).lower().split()[:MANY])
