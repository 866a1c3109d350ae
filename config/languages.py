"""Languages beside English that comments come in: how staff call each, and words that betray one in Latin letters."""

from collections.abc import Mapping

# The first that England's schools record beside English, and Welsh. Keys are the tags that py3langid knows.
LANGUAGES: Mapping[str, str] = {
    "am": "Amharic", "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "cs": "Czech", "cy": "Welsh", "de": "German",
    "el": "Greek", "es": "Spanish", "fa": "Persian", "fr": "French", "gu": "Gujarati", "hi": "Hindi",
    "hu": "Hungarian", "it": "Italian", "ku": "Kurdish", "lt": "Lithuanian", "lv": "Latvian", "ml": "Malayalam",
    "nl": "Dutch", "pa": "Panjabi", "pl": "Polish", "ps": "Pashto", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sk": "Slovak", "so": "Somali", "sq": "Albanian", "ta": "Tamil", "tr": "Turkish",
    "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "yo": "Yoruba", "zh": "Chinese",
}  # fmt: skip
SOME_OTHER = "und"  # BCP 47: not English, and nobody can say what
IN_LATIN_LETTERS: Mapping[str, str] = {"ur-Latn": "Urdu or Hindi in Latin letters"}
NAMES: Mapping[str, str] = {**LANGUAGES, **IN_LATIN_LETTERS, SOME_OTHER: "another language than English"}
# The commonest small words of those, as they are typed; none that is an English word too ("main", "to", "hum").
_URDU = (
    "acha achha accha achi agar apna apne apni aur bahut bohat bohot bahot bilkul chahiye chahie chahta chahti diya "
    "ghar hai hain hein hamara hamare hamari hamein humein hamesha hoga hogi hona hota hote hoti jata jati kab "
    "kabhi karna karne karta karte karti karo kaun khana khelne kisi koi kuch kya kyu kyun kyunki lekin lekar mein "
    "mera mere meri mujhe mujhse nahi nahin nai pasand phir raha rahe rahi rehna sab sabhi sakta sakte sakti samajh "
    "sirf thi thik theek tum tumhara unka unke uska uske usne wahan wala wale wali woh yahan zyada ziyada "
)
SMALL_WORDS: Mapping[str, frozenset[str]] = {"ur-Latn": frozenset(_URDU.split())}
