"""Names, schools, addresses and what leads to a person online, by the words around them; ordinary words are left."""

import pytest

from config.privacy import PrivacyLists, shipped_lists
from heardback.domain.identifying.lexicon import Lexicon
from heardback.domain.identifying.online import find_emails, find_handles, find_urls
from heardback.domain.identifying.people import find_people
from heardback.domain.identifying.places import find_addresses
from heardback.domain.identifying.schools import find_schools

NAMES = {
    # by list, in any letters, with its surname
    "ask callum about it": ["callum"], "Josh Taylor's bike": ["Josh Taylor"], "JORDAN IS THE ONLY ONE": ["JORDAN"],
    "i like evie-mae and zoë": ["evie-mae", "zoë"], "shanice b was sick": ["shanice b"],
    "josh patel said": ["josh patel"], "Mohamed A and Mohamed S are mixed up": ["Mohamed A", "Mohamed S"],
    "Carlos van der Berg came": ["Carlos van der Berg"],
    # by title
    "Miss Patel listens": ["Miss Patel"], "mr oduya shouts": ["mr oduya"], "mrs b is kind": ["mrs b"],
    "Coach Desmond is hard": ["Coach Desmond"], "uncle femi said": ["uncle femi"],
    "Dr. Nguyen said six weeks": ["Dr. Nguyen"],
    # by whose friend, worker or brother it is
    "my friend tyvone left": ["tyvone"], "my support worker, Zyanka Ostrowe, is off": ["Zyanka Ostrowe"],
    "my brother will goes there": ["will"], "the new worker (Jerrell) came": ["Jerrell"],
    # by what they are called, or call themselves
    "a boy called dreyvon": ["dreyvon"], "they call me Bear": ["Bear"], "my name is Xylo": ["Xylo"],
    "I am Chanterelle": ["Chanterelle"], "love from Brixy xx": ["Brixy"], "signed D. Whitcombe": ["D. Whitcombe"],
    # by what they do, or is done with them
    "Zyvka said no": ["Zyvka"], "and then tyvone hit me": ["tyvone"], "Grace helped me with my CV": ["Grace"],
    "Will was there": ["Will"], "June runs the cafe": ["June"], "josh whiffle said no": ["josh whiffle"],
    "Li Wei sings": ["Li Wei"], "will smith came": ["will smith"], "i like Cheng Ling": ["Cheng Ling"],
    "Chelsea is the nicest worker": ["Chelsea"], "ivy and me want one": ["ivy"],
    "May from the front desk is rude": ["May"], "i told Xanthippa": ["Xanthippa"],
    "spoke to Petronka on reception": ["Petronka"], "is Renk still working": ["Renk"], "Zyvka's mum said": ["Zyvka"],
    "me and rose went": ["rose"], "Quenby and me went": ["Quenby"],
    "the lady with blue hair, Flissy, is fun": ["Flissy"],
    # by who stands beside them
    "Tommaz and josh run it": ["Tommaz", "josh"], "josh, Quenby and Tyvone were told": ["josh", "Quenby", "Tyvone"],
    "i sat with Rose and Summer": ["Rose", "Summer"], "We saw Hope again": ["Hope"],
    # months and seasons by what only people do; names with an apostrophe inside
    "Summer is my sister": ["Summer"], "May drove us there": ["May"], "a volunteer called Autumn": ["Autumn"],
    "D'Andre can dunk": ["D'Andre"], "o'shea is my surname": ["o'shea"], "ask pani kowalska": ["kowalska"],
}  # fmt: skip
NOBODY = (
    "Summer is my favourite", "Summer rang in the changes",
    "May made us wait", "at five o'clock", "a game called Autumn",
    "will it be", "May we ask", "in May we go", "mark my words", "Grace before lunch", "I hope summer is fun",
    "Hope it works", "the Rose Garden is nice", "St George's Day", "Stanley Park is muddy", "the Victoria Line",
    "my friend will not come", "my daughter can have it", "my mum said no", "my dad thrashd me", "boys toylits smell",
    "i miss football", "Miss a week", "Coach trip to the sea", "the game is called Rounders", "called me stupid",
    "im knackered", "I am Somali", "from a fed up dad", "with Mum at work", "told you so", "thank you everyone",
    "we want Wi-Fi", "YP said no", "my PA left", "Kayaking was sick", "Summer runs from June", "Hope is the answer",
    "someone said so", "Bring back the chip van", "He got full mark", "chase the ball", "love this place",
)  # fmt: skip
SCHOOLS = {
    "im in year 9 at kings ash academy": "kings ash academy", "i got kicked out of the oaks pru": "the oaks pru",
    "our lady of lourdes rc primary is near": "our lady of lourdes rc primary",
    "my school is st wilfreds": "st wilfreds",
    "I go to Hartsfield Primary School": "Hartsfield Primary School",
    "st bedes high school is late": "st bedes high school", "at Larkhill Academy": "Larkhill Academy",
    "kids at oakmere primary": "oakmere primary", "goes to dunmore juniors": "dunmore juniors",
    "I attend Burnside Comp": "Burnside Comp", "left Our Lady of Grace RC Primary": "Our Lady of Grace RC Primary",
    "year 8 at bramley park academy": "bramley park academy",
    "Ashbourne Girls' School said": "Ashbourne Girls' School", "Year 1 at St Bride's": "St Bride's",
    "St. Oswald's RC High School": "St. Oswald's RC High School", "i go to st swithuns": "st swithuns",
}  # fmt: skip
NO_SCHOOLS = (
    "my school is a primary", "year 6 at primary", "i moved to another college",
    "our school", "every primary school", "Special school transport", "the high school bus", "too high for me",
    "Sunday school hall", "my old school", "josh's school", "Tiana Cole-Brown's school", "good school",
    "Primary school kids", "College said no", "art college",
)  # fmt: skip
ADDRESSES = {
    "my dads is 3 the crescent": "3 the crescent", "twelve Ashgrove Terrace is ours": "twelve Ashgrove Terrace",
    "the bus from Pendle Avenue where i live": "Pendle Avenue",
    "they moved us to 22 upper brook st": "22 upper brook st",
    "i live up Carrow Terrace": "Carrow Terrace",
    "14 Marlow Crescent is damp": "14 Marlow Crescent", "at flat 12 birch court": "flat 12 birch court",
    "my address is Flat 7, Denholm House": "Flat 7, Denholm House", "i live at 9 pepper lane": "9 pepper lane",
    "on the Alderman Estate": "Alderman Estate", "the brackenfield estate": "brackenfield estate",
    "at number 6 Swallow Close": "number 6 Swallow Close", "i live on bankfield avenue": "bankfield avenue",
    "The Larches, 9 Station Approach": "The Larches, 9 Station Approach", "Flat 12b is cold": "Flat 12b",
    "my dads house is 3 cherry tree close": "3 cherry tree close", "i stay at Fenwick House": "Fenwick House",
    "22 Nether End ZZ9 9ZZ": "22 Nether End",
}  # fmt: skip
NO_ADDRESSES = (
    "the works on Pendle Avenue", "one Terrace is enough", "at 3 the drive was long",
    "10 minutes walk down the road", "2 miles down a busy road", "the high street", "4 new chairs in a row",
    "the road outside", "flat screen tv", "the estate is forgotten", "this estate", "24 hour support line", "my way",
    "live close to it", "house party",
)  # fmt: skip
HANDLES = {
    "insta kaz underscore 09": "kaz underscore 09", "add me its jayden dot xx dot 07 on snap": "jayden dot xx dot 07",
    "discord name moonbeam hash 4471": "moonbeam hash 4471",
    "follow @lil.jayz_": "@lil.jayz_", "add me on snap kaykay_xo": "kaykay_xo",
    "my insta is notyourangelx": "notyourangelx", "snap: marvin-22": "marvin-22",
    "discord frostbyte#4471": "frostbyte#4471", "my gamertag is xXShadowWolfXx": "xXShadowWolfXx",
    "add jayjay2k11 on snap": "jayjay2k11", "roblox name BuilderBoi": "BuilderBoi",
    "my @ is jaymakesbeats": "jaymakesbeats", "insta - jay.makes.beats": "jay.makes.beats",
}  # fmt: skip
NO_HANDLES = (
    "see you @ 5", "meet @ the park", "come @home", "my snap is broken", "i saw it on insta and snap",
    "the ps4 is ancient", "TikTok is banned", "whatsapp would be better", "my snap streak died", "insta is down",
    "Xbox at 5.30",
)  # fmt: skip
EMAILS = (
    "jayden.k09@example.org", "kai2011 at gmail dot com", "lilyrose (at) example.net", "p.novak+forms@example.org",
    "shaz dot k at outlook dot com", "nadia_h @ example.org", "jaz at hotmail dot co dot uk", "kaigmail.com",
)  # fmt: skip
NO_EMAILS = (
    "look at the dot", "meet @ 5.30 pm", "be there at live music", "see you @ hub. Then home", "email us", "at 5.com",
)  # fmt: skip


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.of()


def texts(found: object, text: str) -> list[str]:
    return [text[start:end] for start, end in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("text", "names"), NAMES.items())
def test_a_name_is_found_whole_by_list_or_by_the_words_around_it(text: str, names: list[str], lexicon: Lexicon) -> None:
    assert texts(find_people(text, lexicon), text) == names


@pytest.mark.parametrize("text", NOBODY)
def test_words_that_name_nobody_are_left(text: str, lexicon: Lexicon) -> None:
    assert texts(find_people(text, lexicon), text) == []


@pytest.mark.parametrize(("text", "school"), SCHOOLS.items())
def test_a_school_is_found_whole(text: str, school: str, lexicon: Lexicon) -> None:
    assert texts(find_schools(text, lexicon), text) == [school]


@pytest.mark.parametrize("text", NO_SCHOOLS)
def test_a_school_without_its_name_is_left(text: str, lexicon: Lexicon) -> None:
    assert texts(find_schools(text, lexicon), text) == []


@pytest.mark.parametrize(("text", "address"), ADDRESSES.items())
def test_an_address_is_found_whole(text: str, address: str, lexicon: Lexicon) -> None:
    assert address in texts(find_addresses(text, lexicon), text)


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_roads_and_houses_that_are_nobodys_home_are_left(text: str, lexicon: Lexicon) -> None:
    assert texts(find_addresses(text, lexicon), text) == []


@pytest.mark.parametrize(("text", "handle"), HANDLES.items())
def test_a_social_media_name_is_found_whole(text: str, handle: str, lexicon: Lexicon) -> None:
    assert handle in texts(find_handles(text, lexicon), text)


@pytest.mark.parametrize("text", NO_HANDLES)
def test_a_site_alone_and_an_at_for_a_time_are_left(text: str, lexicon: Lexicon) -> None:
    assert texts(find_handles(text, lexicon), text) == []


@pytest.mark.parametrize("address", EMAILS)
def test_an_email_address_is_found_whole(address: str) -> None:
    text = f"write to {address}, please"
    assert texts(find_emails(text), text)[0].removeprefix("to ") == address


@pytest.mark.parametrize("text", NO_EMAILS)
def test_an_at_without_an_address_is_left(text: str) -> None:
    assert texts(find_emails(text), text) == []


@pytest.mark.parametrize("address", ["https://page.example/jay", "www.facebook.com/tasha.94", "youtube.com/@brads"])
def test_a_web_address_is_found_without_the_full_stop_after_it(address: str) -> None:
    assert texts(find_urls(f"see {address}."), f"see {address}.") == [address]


@pytest.mark.parametrize("address", ["www.gov.uk/report", "https://www.nhs.uk/conditions", "www.camden.gov.uk"])
def test_official_addresses_are_left(address: str) -> None:
    assert texts(find_urls(address), address) == []


@pytest.mark.parametrize(
    "word", ["stopping", "used", "babies", "sooooo", "walks", "friendly", "running", "don't", "Monday"]
)
def test_a_word_is_ordinary_in_any_of_its_forms(word: str, lexicon: Lexicon) -> None:
    assert lexicon.is_ordinary(word.lower())


@pytest.mark.parametrize("word", ["tyvone", "zyvka", "oakmere", "brixy"])
def test_a_word_of_no_list_is_not(word: str, lexicon: Lexicon) -> None:
    assert not lexicon.is_ordinary(word)


def test_a_councils_own_words_go_before_the_shipped_ones() -> None:
    own = Lexicon.of(PrivacyLists(given_names=("Zyvka",), never_names=("Josh",)), ["Wren Quilter"])
    assert own.is_given("zyvka")
    assert own.is_given("wren") is ("wren" not in shipped_lists().word_names)
    assert not own.is_given("josh")
    assert "quilter" in own.surnames


def test_the_shipped_lists_do_not_contradict_each_other() -> None:
    shipped = shipped_lists()
    assert len(shipped.given_names) > 5000
    assert len(shipped.surnames) > 1000
    assert shipped.given_names & shipped.word_names == frozenset()
    assert shipped.given_names & shipped.ordinary_words == frozenset()
    everything = frozenset().union(*(getattr(shipped, name) for name in shipped.__dataclass_fields__))
    assert {word for word in everything if word != word.lower() or not word.strip()} == set()
