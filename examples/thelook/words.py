"""Word lists and weights of the generator. People, brands and addresses are invented; places are real."""

from typing import NamedTuple

FIRST_NAMES = {
    "F": (
        "Ada", "Alma", "Anika", "Beatriz", "Carla", "Chiyo", "Clara", "Daria", "Elena", "Elsa", "Fatima",
        "Greta", "Hana", "Helga", "Ines", "Irene", "Jia", "Julia", "Kaori", "Lena", "Lucia", "Mei", "Mila",
        "Nadia", "Noor", "Olga", "Paula", "Rosa", "Sena", "Tara", "Vera", "Yuna",
    ),
    "M": (
        "Adam", "Akira", "Anton", "Bruno", "Carlos", "Chen", "Daniel", "Diego", "Emil", "Erik", "Felix",
        "Goran", "Hugo", "Ivan", "Jan", "Jonas", "Kenji", "Leo", "Liang", "Luis", "Marco", "Milan", "Minho",
        "Nils", "Omar", "Otto", "Pablo", "Rafael", "Samir", "Theo", "Viktor", "Wei",
    ),
}
LAST_NAMES = (
    "Abara", "Almeida", "Bakker", "Bauer", "Castro", "Chang", "Dubois", "Duarte", "Eriksen", "Farrow",
    "Fischer", "Garnier", "Hayashi", "Holt", "Ibarra", "Jansen", "Kato", "Keller", "Kim", "Lambert", "Lin",
    "Marsh", "Medina", "Moreau", "Novak", "Okafor", "Park", "Pereira", "Quist", "Ramos", "Sato", "Silva",
    "Tanaka", "Torres", "Ueda", "Vidal", "Wang", "Weber", "Xu", "Yoon", "Zhou", "Ziegler",
)
STREETS = ("Amber", "Birch", "Canal", "Cedar", "Garden", "Harbor", "Hill", "Lake", "Maple", "Mill", "Orchard", "River")
STREET_KINDS = ("Avenue", "Court", "Lane", "Road", "Street", "Way")

# Weights in percent. Brasil is the original's name for Brazil; España and Deutschland appear there
# beside Spain and Germany.
COUNTRIES = {
    "China": 34.0, "United States": 22.5, "Brasil": 14.6, "South Korea": 5.3, "France": 4.7,
    "United Kingdom": 4.6, "Germany": 4.2, "Spain": 4.0, "Japan": 2.5, "Australia": 2.2, "Belgium": 1.3,
    "España": 0.2, "Deutschland": 0.2,
}
ATLAS = {country: country for country in COUNTRIES} | {"España": "Spain", "Deutschland": "Germany"}

# State, city, start of its postal codes, latitude, longitude.
CITIES = {
    "China": (
        ("Guangdong", "Shenzhen", "5180", 22.54, 114.06),
        ("Shanghai", "Shanghai", "2000", 31.23, 121.47),
        ("Beijing", "Beijing", "1000", 39.90, 116.41),
        ("Zhejiang", "Hangzhou", "3100", 30.27, 120.16),
        ("Sichuan", "Chengdu", "6100", 30.57, 104.07),
    ),
    "United States": (
        ("California", "Los Angeles", "900", 34.05, -118.24),
        ("Texas", "Houston", "770", 29.76, -95.37),
        ("New York", "New York", "100", 40.71, -74.01),
        ("Illinois", "Chicago", "606", 41.88, -87.63),
        ("Washington", "Seattle", "981", 47.61, -122.33),
    ),
    "Brasil": (
        ("São Paulo", "São Paulo", "01310-0", -23.55, -46.63),
        ("Rio de Janeiro", "Rio de Janeiro", "20040-0", -22.91, -43.17),
        ("Bahia", "Salvador", "40020-0", -12.97, -38.50),
    ),
    "South Korea": (
        ("Seoul", "Seoul", "045", 37.57, 126.98),
        ("Busan", "Busan", "487", 35.18, 129.08),
    ),
    "France": (
        ("Île-de-France", "Paris", "750", 48.86, 2.35),
        ("Auvergne-Rhône-Alpes", "Lyon", "690", 45.76, 4.84),
    ),
    "United Kingdom": (
        ("England", "London", "EC1A ", 51.51, -0.13),
        ("Scotland", "Edinburgh", "EH1 ", 55.95, -3.19),
    ),
    "Germany": (
        ("Berlin", "Berlin", "101", 52.52, 13.40),
        ("Bayern", "München", "803", 48.14, 11.58),
    ),
    "Spain": (
        ("Comunidad de Madrid", "Madrid", "280", 40.42, -3.70),
        ("Cataluña", "Barcelona", "080", 41.39, 2.17),
    ),
    "Japan": (
        ("Tokyo", "Tokyo", "100-00", 35.68, 139.69),
        ("Osaka", "Osaka", "530-00", 34.69, 135.50),
    ),
    "Australia": (
        ("New South Wales", "Sydney", "20", -33.87, 151.21),
        ("Victoria", "Melbourne", "30", -37.81, 144.96),
    ),
    "Belgium": (
        ("Brussels-Capital", "Brussels", "10", 50.85, 4.35),
        ("Antwerp", "Antwerp", "20", 51.22, 4.40),
    ),
}

DISTRIBUTION_CENTERS = (
    (1, "Memphis TN", 35.1174, -89.9711),
    (2, "Chicago IL", 41.8369, -87.6847),
    (3, "Houston TX", 29.7604, -95.3698),
    (4, "Los Angeles CA", 34.05, -118.25),
    (5, "New Orleans LA", 29.95, -90.0667),
    (6, "Port Authority of New York/New Jersey NY/NJ", 40.634, -73.7834),
    (7, "Philadelphia PA", 39.95, -75.1667),
    (8, "Mobile AL", 30.6944, -88.0431),
    (9, "Charleston SC", 32.7833, -79.9333),
    (10, "Savannah GA", 32.0167, -81.1167),
)


class Category(NamedTuple):
    departments: tuple
    lowest: float
    highest: float
    nouns: tuple


BOTH, MEN, WOMEN = ("Men", "Women"), ("Men",), ("Women",)
CATEGORIES = {
    "Accessories": Category(BOTH, 0.02, 180, ("Belt", "Cap", "Scarf", "Gloves")),
    "Active": Category(BOTH, 8, 160, ("Track Jacket", "Training Top", "Running Tights")),
    "Blazers & Jackets": Category(WOMEN, 25, 320, ("Blazer", "Jacket")),
    "Clothing Sets": Category(WOMEN, 15, 160, ("Two-Piece Set", "Skirt Set")),
    "Dresses": Category(WOMEN, 15, 400, ("Wrap Dress", "Shift Dress", "Maxi Dress")),
    "Fashion Hoodies & Sweatshirts": Category(BOTH, 15, 180, ("Hoodie", "Sweatshirt")),
    "Intimates": Category(WOMEN, 5, 120, ("Bralette", "Camisole")),
    "Jeans": Category(BOTH, 20, 330, ("Straight Jeans", "Slim Jeans", "Bootcut Jeans")),
    "Jumpsuits & Rompers": Category(WOMEN, 15, 150, ("Jumpsuit", "Romper")),
    "Leggings": Category(WOMEN, 6, 90, ("Leggings",)),
    "Maternity": Category(WOMEN, 12, 190, ("Maternity Top", "Maternity Jeans")),
    "Outerwear & Coats": Category(BOTH, 30, 999, ("Parka", "Wool Coat", "Raincoat")),
    "Pants": Category(MEN, 18, 220, ("Chinos", "Cargo Pants")),
    "Pants & Capris": Category(WOMEN, 15, 220, ("Capris", "Wide-Leg Pants")),
    "Plus": Category(WOMEN, 12, 180, ("Tunic", "Cardigan")),
    "Shorts": Category(BOTH, 10, 140, ("Shorts", "Board Shorts")),
    "Skirts": Category(WOMEN, 12, 190, ("Pencil Skirt", "Pleated Skirt")),
    "Sleep & Lounge": Category(BOTH, 10, 160, ("Pajamas", "Robe")),
    "Socks": Category(MEN, 3, 60, ("Crew Socks", "Ankle Socks")),
    "Socks & Hosiery": Category(WOMEN, 3, 60, ("Tights", "Knee Socks")),
    "Suits": Category(WOMEN, 60, 420, ("Skirt Suit", "Pant Suit")),
    "Suits & Sport Coats": Category(MEN, 50, 900, ("Two-Button Suit", "Sport Coat")),
    "Sweaters": Category(BOTH, 15, 320, ("Pullover", "Cardigan", "Turtleneck")),
    "Swim": Category(BOTH, 10, 190, ("Swim Trunks", "Rash Guard")),
    "Tops & Tees": Category(BOTH, 6, 170, ("Tee", "Polo", "Henley")),
    "Underwear": Category(MEN, 6, 90, ("Boxer Briefs", "Undershirt")),
}
STYLES = ("Classic", "Everyday", "Heritage", "Lightweight", "Modern", "Organic", "Relaxed", "Soft", "Tailored", "Vintage")

BRAND_FIRST_WORDS = (
    "Alder", "Amberly", "Ashen", "Aurel", "Bexley", "Birchway", "Blanco", "Bramble", "Brightwater", "Cinder",
    "Clover", "Copperline", "Corvid", "Dapple", "Dovetail", "Driftwood", "Dunmoor", "Ember", "Fairlight", "Fennel",
    "Foxglove", "Gable", "Gossamer", "Granary", "Halcyon", "Hazelton", "Heron", "Hollis", "Indigo", "Ironbark",
    "Juniper", "Kestrel", "Kindred", "Larkspur", "Lattice", "Lumen", "Marigold", "Meridian", "Moss", "Nimbus",
    "Oakum", "Opaline", "Pebble", "Pinewood", "Plume", "Quarry", "Quill", "Rowan", "Saffron", "Sable",
    "Sparrow", "Tamarind", "Thistle", "Tidewater", "Umber", "Velour", "Wicker", "Willow", "Yarrow", "Zephyr",
)
BRAND_SECOND_WORDS = (
    "Loom", "Thread", "Stitch", "Weave", "Atelier", "Supply", "Works", "Goods", "House", "Outfitters",
    "Studio", "Union", "Mill", "Label", "Tailors", "Cloth", "Apparel", "Line", "Collective", "Company",
    "Brothers", "Sisters", "Trading", "Garments", "Knits", "Denim", "Cotton", "Wool", "Linen", "Silk",
    "North", "South", "East", "West", "Coast", "Harbor", "Field", "Forest", "Stone", "Ridge",
    "Valley", "Creek", "Bay", "Point", "Park", "Row",
)
# Every pair of the two lists once. Brands are drawn with a preference for the front of this list.
BRANDS = tuple(
    f"{first} {BRAND_SECOND_WORDS[(i + 15 * shift) % len(BRAND_SECOND_WORDS)]}"
    for shift in range(len(BRAND_SECOND_WORDS))
    for i, first in enumerate(BRAND_FIRST_WORDS)
)

USER_TRAFFIC_SOURCES = {"Search": 0.70, "Organic": 0.15, "Facebook": 0.06, "Email": 0.05, "Display": 0.04}
EVENT_TRAFFIC_SOURCES = {"Email": 0.45, "Adwords": 0.30, "YouTube": 0.10, "Facebook": 0.10, "Organic": 0.05}
BROWSERS = {"Chrome": 0.50, "Safari": 0.20, "Firefox": 0.20, "IE": 0.05, "Other": 0.05}

GHOST_PATHS = {
    ("product", "cart", "cancel"): 0.25,
    ("department", "product", "cart"): 0.25,
    ("product",): 0.25,
    ("department", "product"): 0.25,
}
VISIT_PATHS = {
    ("home",): 0.15,
    ("home", "department"): 0.20,
    ("home", "department", "product"): 0.40,
    ("home", "department", "product", "cart"): 0.15,
    ("home", "department", "product", "cart", "cancel"): 0.10,
}
RESEARCH_PATHS = {
    ("home", "department", "product"): 0.45,
    ("department", "product", "product"): 0.20,
    ("home", "department", "product", "cart"): 0.35,
}

# Reserved for documentation (RFC 5737): they belong to nobody.
DOCUMENTATION_NETWORKS = ("192.0.2", "198.51.100", "203.0.113")
