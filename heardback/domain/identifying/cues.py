"""Words around which a name stands, in lower case."""

TITLES = frozenset({
    "mr", "mrs", "ms", "miss", "mx", "dr", "doctor", "sir", "prof", "professor", "rev", "reverend", "fr", "pc",
    "dc", "ps", "sgt", "sergeant", "inspector", "cllr", "councillor", "lady", "dame", "imam", "rabbi", "mister",
    "judge", "officer",
})  # fmt: skip
# Written without capitals they still lead to a name and to nothing else.
SURE_TITLES = frozenset({"mr", "pani", "mrs", "ms", "mx", "dr", "cllr", "sgt", "prof", "mister"})
KIN_TITLES = frozenset({
    "uncle", "auntie", "aunty", "aunt", "nan", "nana", "nanny", "nanna", "gran", "granny", "grandma", "grandad",
    "grandpa", "coach", "sister", "brother", "father", "mother", "nurse", "cousin",
})  # fmt: skip
# "i miss", "we never miss": what is missed there is no Miss.
MISSING = frozenset({
    "i", "we", "you", "they", "he", "she", "it", "to", "not", "dont", "don't", "didnt", "didn't", "will", "would",
    "wont", "never", "really", "always", "might", "gonna", "all", "and", "people", "kids", "much", "can", "could",
    "may", "do", "did", "already", "also", "still", "so", "just", "sometimes", "often", "ill", "i'll", "we'll",
    "even", "if",
})  # fmt: skip
RELATED = frozenset({
    "friend", "friends", "mate", "mates", "bestie", "besties", "bff", "brother", "brothers", "bro", "sister",
    "sisters", "sis", "cousin", "cousins", "son", "sons", "daughter", "daughters", "twin", "twins", "boyfriend",
    "girlfriend", "bf", "gf", "worker", "workers", "keyworker", "keyworkers", "mentor", "mentors", "teacher",
    "teachers", "carer", "carers", "tutor", "therapist", "counsellor", "manager", "leader", "leaders", "neighbour",
    "boy", "boys", "girl", "girls", "lad", "lads", "kid", "kids", "child", "children", "granddaughter", "grandson",
    "grandchild", "partner", "husband", "wife", "ex", "volunteer", "volunteers", "nurse", "nephew", "nephews",
    "niece", "nieces", "stepdad", "stepmum", "stepbrother", "stepsister", "mum", "dad", "mummy", "daddy", "mam",
    "uncle", "auntie", "aunty", "aunt", "nan", "nana", "nanny", "gran", "grandma", "grandad", "psychologist",
    "advocate", "solicitor", "assistant", "coach", "coaches", "receptionist", "supervisor", "adviser", "advisor",
    "colleague", "officer", "driver", "escort", "cook", "cover", "head", "headteacher", "caretaker", "lady", "man",
    "woman", "guy", "person", "sw", "pa", "ta", "iro", "senco", "yp", "classmate", "roommate", "housemate",
    "dinnerlady", "instructor", "youngest", "eldest", "oldest", "stepson", "stepdaughter", "sibling", "siblings",
    "bredrin", "fella",
})  # fmt: skip
CALLED = frozenset({"called", "named", "nicknamed", "aka", "name's", "names", "name", "nickname"})
CALLS = frozenset({"call", "calls", "called", "name", "named", "nicknamed"})
CALLED_WHOM = frozenset({"me", "him", "her", "them", "us"})
THINGS = frozenset({
    "game", "group", "club", "app", "song", "film", "book", "show", "place", "cafe", "shop", "project", "programme",
    "scheme", "thing", "it", "its", "something", "this", "that", "course", "session", "team", "charity", "company",
    "website", "drink", "activity", "service", "building", "room", "hub", "centre", "school", "road", "street",
    "park", "dog", "cat", "hamster", "event", "trip", "band", "form", "list", "plan", "what", "series", "channel",
    "sport", "food", "policy",
})  # fmt: skip
SIGNS_OFF = frozenset({
    "from", "love", "signed", "regards", "yours", "sincerely", "faithfully", "thanks", "cheers", "by", "xx", "xxx",
})  # fmt: skip
# Before a word with a capital that no list knows, these lead to somebody.
LEADING = frozenset({
    "thank", "thanks", "told", "tell", "tells", "telling", "ask", "asked", "asking", "see", "saw", "seen", "seeing",
    "met", "meet", "meeting", "miss", "missed", "missing", "like", "liked", "likes", "love", "loved", "loves",
    "hate", "hated", "hates", "know", "knows", "knew", "with", "by", "let", "want", "wants", "wanted", "give",
    "gave", "given", "except", "about", "than", "when", "that", "because", "cos", "cause", "bc", "but", "was", "is",
    "are", "if", "hit", "hits", "helped", "help", "helps", "text", "texted", "ring", "rang", "phone", "phoned",
    "email", "emailed", "contact", "up", "back", "without", "made", "make", "makes", "left", "trust", "trusted",
    "bullied", "pushed", "kicked", "punched", "blame", "blamed", "taught", "recommend", "replaced", "replace",
    "got", "get", "need", "needs", "needed", "unless", "why", "did", "does", "has", "had", "where", "since",
    "after", "before", "until", "while", "who", "how", "have", "allow", "allowed", "praise", "hugged", "hug",
    "followed", "threatened", "calling", "contacted", "especially", "including", "plus", "dear", "hi", "hello",
    "hey", "bye", "via", "bring", "keep", "support", "supported", "even", "only", "so", "then", "says", "said",
})  # fmt: skip
TO_WHOM = frozenset({
    "speak", "spoke", "spoken", "talk", "talked", "talking", "speaking", "thanks", "thank", "you", "out", "go",
    "listen", "listened", "say", "said", "complained", "complain", "rude", "nice", "kind", "close", "happened",
    "happen", "next", "props", "big", "credit", "grateful", "what", "was", "sorry", "apologise", "lie", "lied",
    "similar", "attention", "attached", "care", "wait", "waiting", "ask", "asked", "look", "looked", "about",
    "worried", "story", "mean",
})  # fmt: skip
PREPOSITIONS = frozenset({"to", "for", "of", "after", "at"})
# What only people do.
DEEDS = frozenset(
    {
        "said",
        "says",
        "told",
        "tells",
        "asked",
        "asks",
        "hit",
        "hits",
        "punched",
        "punches",
        "kicked",
        "kicks",
        "pushed",
        "pushes",
        "slapped",
        "slaps",
        "nicked",
        "stole",
        "robbed",
        "bullied",
        "bullies",
        "shouted",
        "shouts",
        "swore",
        "laughed",
        "laughs",
        "helped",
        "listened",
        "listens",
        "explained",
        "explains",
        "taught",
        "teaches",
        "promised",
        "promises",
        "wants",
        "wanted",
        "thinks",
        "thought",
        "knows",
        "knew",
        "loves",
        "loved",
        "hates",
        "hated",
        "understands",
        "understood",
        "threatened",
        "touched",
        "hugged",
        "cried",
        "cries",
        "lives",
        "lived",
        "always",
        "never",
        "gave",
        "gives",
        "ran",
        "took",
        "takes",
        "rang",
        "texted",
        "emailed",
        "replied",
        "replies",
        "spoke",
        "speaks",
        "spat",
        "grabbed",
        "keeps",
        "kept",
        "smokes",
        "sells",
        "picks",
        "picked",
        "calls",
        "hurt",
        "hurts",
        "battered",
        "stabbed",
        "grassed",
        "snitched",
        "chased",
        "encouraged",
        "supported",
        "believed",
        "believes",
        "noticed",
        "remembers",
        "remembered",
        "forgot",
        "left",
        "deserves",
        "fixed",
        "drove",
        "mended",
        "lent",
    }
)
# With somebody behind them no month and no season does these: "May drove us".
DONE_TO_SOMEBODY = frozenset({
    "drove", "fixed", "taught", "rang", "phoned", "texted", "hugged", "showed", "mended", "lent", "collected",
    "fetched",
})  # fmt: skip
HARMS = frozenset({
    "hit", "hits", "punched", "punches", "kicked", "kicks", "pushed", "pushes", "slapped", "slaps", "nicked",
    "stole", "robbed", "bullied", "bullies", "battered", "stabbed", "grabbed", "threatened", "touched", "swore",
    "spat", "shouts", "shouted", "hurt", "hurts", "said", "says", "told", "tells", "picks", "laughed", "laughs",
    "calls", "follows", "helped",
})  # fmt: skip
SUFFERING = frozenset({
    "me", "my", "him", "her", "his", "us", "them", "our", "at", "on", "off", "the", "a", "i", "he", "she", "to",
    "no", "yes", "that", "it", "we", "they", "someone", "everyone", "people",
})  # fmt: skip
BEING = frozenset({
    "is", "was", "has", "isn't", "wasn't", "isnt", "wasnt", "hasnt", "hasn't", "does", "doesnt", "doesn't", "didnt",
    "did", "can", "cant", "can't", "wont", "won't", "should", "would", "gets", "got", "makes", "made", "goes",
    "went", "comes", "came", "runs", "works", "worked", "needs", "likes", "leaves", "plays", "sits", "sat", "stays",
    "had", "will", "are", "were", "have", "and", "keep", "get", "all", "both", "who",
})  # fmt: skip
PERSONAL = frozenset({
    "kind", "nice", "lovely", "helpful", "rude", "amazing", "always", "patient", "funny", "mean", "my", "off",
    "leaving", "sick", "ill", "brilliant", "wonderful", "caring", "friendly", "horrible", "strict", "supportive",
    "understanding", "never", "autistic", "disabled", "upset", "crying", "scared", "happy", "bullying", "bullied",
    "ignored", "late", "autism", "adhd", "him", "her", "his", "me", "us", "a", "so", "very", "really", "the",
    "like", "there", "here", "gone", "away", "still", "not", "been", "back", "only", "good", "great", "best",
    "fantastic", "awesome", "bad", "annoying", "cool", "excellent", "feel", "he", "she", "i", "too", "just", "on",
    "at", "to",
})  # fmt: skip
# Of these, what no month, season or thing is.
CHARACTER = frozenset({
    "kind", "helpful", "rude", "patient", "funny", "leaving", "caring", "friendly", "strict", "supportive",
    "autistic", "upset", "crying", "bullying", "bullied", "understanding", "my", "sick", "ill", "off", "lovely",
    "always", "never", "mean", "me",
})  # fmt: skip
KINDLY = frozenset({
    "kind", "helpful", "rude", "patient", "funny", "caring", "friendly", "strict", "supportive", "understanding",
})  # fmt: skip
# What follows a person and never a helping verb: "my brother will goes", but "my daughter can have".
DONE_BY_ONE = frozenset({
    "is", "was", "has", "isn't", "wasn't", "isnt", "wasnt", "said", "says", "told", "tells", "goes", "went", "gets",
    "got", "comes", "came", "does", "left", "likes", "wants", "hits", "thinks", "knew", "knows", "took", "gave",
    "ran", "runs", "who", "from",
})  # fmt: skip
STAYING = frozenset({
    "still", "here", "there", "back", "ok", "okay", "alright", "coming", "working", "leaving", "gone", "well",
    "better", "safe", "allowed", "in", "off", "left", "not", "now", "always", "being", "going",
})  # fmt: skip
OWNED = frozenset({
    "mum", "dad", "mother", "father", "brother", "sister", "house", "birthday", "worker", "class", "group",
    "family", "carer", "carers", "phone", "bag", "nan", "friend", "friends", "fault", "idea", "session", "sessions",
    "parents", "mam", "bike", "room", "team", "lessons", "attitude", "behaviour", "support", "help", "work", "desk",
    "office", "son", "daughter", "partner", "stepdad", "boyfriend", "girlfriend", "cousin", "mate", "mates",
    "place", "flat", "needs", "school", "story", "case", "plan", "leaving", "jokes", "food", "cooking", "smile",
    "voice", "advice", "car", "dog", "job", "visits", "visit", "uncle", "aunt", "nurse", "teacher", "social", "key",
    "yard", "coat", "shoes", "lunch", "stuff", "things", "money",
})  # fmt: skip
BELONGING = frozenset({
    "mum", "dad", "mother", "father", "brother", "sister", "house", "mam", "nan", "family", "birthday", "cousin",
    "mums", "dads", "parents", "stepdad", "boyfriend", "girlfriend", "mate", "phone", "bike", "fault",
})  # fmt: skip
JOINS = frozenset({"and", "an", "n", "or", "plus", "nd"})
OLDER_KIN = frozenset({
    "uncle", "auntie", "aunty", "aunt", "nan", "nana", "nanny", "nanna", "gran", "granny", "grandma", "grandad",
    "grandpa",
})  # fmt: skip
PLURALS = frozenset({
    "friends", "mates", "besties", "brothers", "sisters", "cousins", "sons", "daughters", "twins", "workers",
    "keyworkers", "mentors", "teachers", "carers", "leaders", "boys", "girls", "lads", "kids", "children",
    "nephews", "nieces", "volunteers", "coaches", "siblings",
})  # fmt: skip
SELF = frozenset({"me", "i", "myself", "im", "i'm"})
DETERMINERS = frozenset({
    "the", "a", "an", "this", "that", "these", "those", "my", "your", "every", "each", "some", "any", "no", "more",
    "all", "next", "last", "his", "her", "its", "their", "old", "new", "good", "great", "local", "of", "free", "in",
    "national",
})  # fmt: skip
TIMES = frozenset({
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec", "summer",
    "autumn", "winter", "spring", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "christmas", "easter", "season", "holiday", "eid",
})  # fmt: skip
# Months and seasons that are given to children; days and feasts hardly are.
GIVEN_TIMES = frozenset({"april", "may", "june", "august", "summer", "autumn"})
# Helping verbs and the like: without a capital they are names only where nothing else would make sense.
HELPERS = frozenset({
    "will", "may", "can", "such", "do", "in", "time", "long", "so", "ever", "hung", "rob", "like", "hope", "mark",
    "just", "non", "no", "see", "sad", "ima", "drew", "read", "let", "win", "mate", "min", "son", "van", "grant",
    "chase", "bill", "sue", "nick", "rush", "always", "all", "true", "real", "nice", "happy", "kind", "lovely",
    "less", "mean", "top", "trip", "play", "wave", "storm", "page", "reads", "rock", "sky",
})  # fmt: skip
PLACE_NOUNS = frozenset({
    "park", "road", "street", "lane", "avenue", "close", "house", "hall", "centre", "center", "hospital", "station",
    "library", "church", "ward", "building", "theatre", "award", "awards", "cup", "day", "school", "academy",
    "college", "primary", "trust", "foundation", "estate", "court", "garden", "gardens", "square", "bridge",
    "market", "cinema", "stadium", "arena", "university", "festival", "club", "hub", "rd", "terrace", "crescent",
    "way", "hill", "green", "place", "mosque", "temple", "clinic", "surgery", "project", "programme", "fair",
    "camp", "holiday", "holidays", "term", "half", "period", "leisure", "pool", "room", "city", "united", "town",
    "nevis", "fc", "island", "bank", "show", "night", "nights", "group", "high", "yard", "zoo", "grammar",
    "infants", "juniors", "nursery", "cross", "line", "palace", "tower", "point", "lodge", "pride",
})  # fmt: skip
NEVER = frozenset({
    "i", "i'm", "i’m", "im", "ive", "i've", "i'd", "id", "and", "the", "a", "an", "is", "was", "are", "he", "she",
    "it", "they", "we", "you", "who", "at", "in", "on", "of", "to", "for", "from", "with", "but", "so", "because",
    "please", "also", "my", "our", "no", "yes", "not", "me", "him", "her", "them", "us", "that", "this", "what",
    "when", "why", "how", "if", "or", "then", "there", "here", "very", "all", "as", "by", "be", "do", "did", "has",
    "have", "had", "his", "your", "their",
})  # fmt: skip
PARTICLES = frozenset({
    "van", "von", "de", "der", "den", "da", "di", "do", "dos", "del", "della", "la", "le", "bin", "ibn", "binti",
    "el", "al", "st",
})  # fmt: skip
CROWNED = frozenset({"st", "saint", "king", "queen", "prince", "princess"})
NAMED = frozenset({"name", "names", "nickname", "known", "goes", "went", "username"})
BEGINNING = frozenset({
    "and", "then", "when", "cos", "because", "that", "but", "if", "so", "after", "before", "until", "while", "as",
})  # fmt: skip
DESKS = frozenset({"desk", "reception", "office", "kitchen", "door", "canteen", "gate"})
WORKPLACES = DESKS | {
    "studio",
    "gym",
    "club",
    "centre",
    "clinic",
    "cafe",
    "shop",
    "project",
    "boxing",
    "football",
    "drama",
    "music",
    "library",
    "youth",
    "team",
    "hub",
    "council",
    "school",
}
MEANING = frozenset({"to", "with", "help", "helped", "between", "for"})
PLACING = frozenset({"at", "in", "near", "on", "from", "to"})
CRAFTS = frozenset({
    "does", "runs", "teaches", "plays", "cooks", "drives", "organises", "sorted", "sorts", "braids", "coaches",
})  # fmt: skip
# "Robin is a good listener", "Chelsea is the nicest": what is said so is a person.
PRAISED = frozenset({
    "nicest", "best", "kindest", "loveliest", "funniest", "only", "worst", "rudest", "one", "good", "great",
    "lovely", "kind", "nice", "legend", "angel", "star", "friend", "worker", "bully", "liar", "boy", "girl", "man",
    "woman", "lady", "brilliant", "amazing", "fantastic", "wonderful", "person", "coach", "teacher", "mentor",
    "new", "real", "true",
})  # fmt: skip
