"""The sentences that the verifier understands: what a question or a line of a solution means, form by form.

A sentence is a pattern over tokens: `<T>` a country, named or described; `<C>` a capital; `<V>` one name or more;
`<N>` a number; `<K>` a time of day; `<W>` a few words. Each belongs to the operation that works it out.
"""

from typing import Final

DESCRIPTIONS: Final[tuple[tuple[str, str], ...]] = (
    ("by_capital", r"the country (?:whose capital is|with the capital) <C>"),
    ("by_capital", r"the country that has <C> as its capital"),
    ("largest_neighbour", r"the largest neighbour of <T> by area"),
    ("largest_neighbour", r"the neighbour of <T> (?:with the largest area|that covers the most land)"),
    ("populous_neighbour", r"the most populous neighbour of <T>"),
    ("populous_neighbour", r"the neighbour of <T> with the (?:most people|largest population)"),
    ("common_neighbour", r"the common neighbour of <T> and <T>"),
    ("common_neighbour", r"the (?:only )?country that (?:borders|is a neighbour of) both <T> and <T>"),
    ("first_step", r"the first country (?:you enter )?on the shortest way by land from <T> to <T>"),
    ("first_step", r"the country that comes right after <T> on the shortest way by land to <T>"),
    ("more_populous", r"the more populous of <T> and <T>"),
    ("more_populous", r"the one of <T> and <T> with more people"),
    ("larger", r"the larger of <T> and <T> by area"),
    ("larger", r"the one of <T> and <T> with the larger area"),
    ("more_output", r"the larger economy of <T> and <T>"),
    ("more_output", r"the one of <T> and <T> with the larger economic output"),
    ("denser", r"the more densely populated of <T> and <T>"),
    ("richer", r"the one with the larger output per person of <T> and <T>"),
    ("further_north", r"the further north of <C> and <C>"),
)
"""Countries (and of two capitals one) that are described; they are replaced from the inside out."""

_ASK: Final = r"(?:what is|find|give|state|name|tell me|write down)"
_DEG: Final = r",? (?:in|to) whole degrees"
_MILLIONS: Final = r",? in millions"
_THOUSANDS: Final = r",? in thousands of square kilometres"
_BILLIONS: Final = r",? in billions of dollars"
_ONE_DECIMAL: Final = r"(?:,? (?:rounded )?to one decimal(?: place)?|[.?] round to one decimal place)"
_PERCENT: Final = r"[.?] round to a whole percent"
_TABLE: Final = r"(?:in|of) the table"

QUESTIONS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (
        "continent",
        (
            r"on which continent does <T> lie",
            r"which continent is <T> part of",
            rf"{_ASK} the continent of <T>",
            r"<T> belongs to which continent",
            r"to which continent does <T> belong",
            r"in an atlas, <T> is shown on the map of which continent",
            r"somebody who was born in <T> comes from which continent",
            r"a traveller has just arrived in <T>\. on which continent is (?:she|he) now",
            r"the people of <T> live on which continent",
            r"a class writes to a school in <T>\. to which continent does the letter go",
            r"if you want to visit <T>, which continent must you go to",
        ),
    ),
    (
        "region",
        (
            r"in which region(?: of the world)? does <T> lie",
            r"which region(?: of the world)? is <T> part of",
            rf"{_ASK} the region of <T>",
            r"<T> belongs to which region(?: of the world)?",
            r"the united nations count <T> in which region",
            r"in statistics of the united nations, under which region do you find <T>",
            r"a report on the regions of the world has a chapter about <T>\. which region does it stand under",
            r"the regions of the world are shown in colours\. whose colour does <T> have",
            r"which part of its continent, as a region, is home to <T>",
            r"somebody who looks for <T> should search which region of the world",
            r"a geographer sorts countries by region\. where does she put <T>",
        ),
    ),
    (
        "coast",
        (
            r"does <T> (?:have a sea coast|lie by the sea|reach the sea)",
            r"is there a sea coast in <T>",
            r"has <T> got a sea coast",
            r"does any part of <T> touch the sea",
            r"can you stand on a sea beach in <T> without leaving the country",
            r"could a sea port be built in <T>",
            r"is the sea found at any edge of <T>",
            r"when you walk all around <T>, do you ever walk along the sea",
            r"can fishing boats of <T> put out to sea from their own shore",
            r"on a map, is some border of <T> drawn along the sea",
        ),
    ),
    (
        "latitude",
        (
            rf"(?:at|on) which (?:latitude|parallel) does <C> lie{_DEG}",
            rf"{_ASK} the latitude of <C>{_DEG}",
            r"how many degrees north or south of the equator is <C>",
            rf"a pilot notes the latitude of <C>{_DEG}\. what does she write",
            rf"an atlas lists <C> with its latitude{_DEG}\. what does it say",
            rf"seen from the equator, how far and in which direction is <C>{_DEG}",
            rf"which circle of latitude runs through <C>{_DEG}",
            rf"fill in the latitude{_DEG}: <C> lies at \.*",
            r"in whole degrees, how far from the equator is <C>, and on which side",
        ),
    ),
    (
        "longitude",
        (
            rf"(?:at|on) which (?:longitude|meridian) does <C> lie{_DEG}",
            rf"{_ASK} the longitude of <C>{_DEG}",
            r"how many degrees east or west of greenwich is <C>",
            rf"a pilot notes the longitude of <C>{_DEG}\. what does she write",
            rf"an atlas lists <C> with its longitude{_DEG}\. what does it say",
            rf"seen from greenwich, how far and in which direction is <C>{_DEG}",
            rf"which half circle from pole to pole runs through <C>{_DEG}",
            rf"fill in the longitude{_DEG}: <C> lies at \.*",
            r"in whole degrees, how far from the prime meridian is <C>, and on which side",
        ),
    ),
    (
        "north_or_south",
        (
            r"(?:is|does) <C> (?:lie )?north or south of the equator",
            r"on which side of the equator is <C>, north or south",
            r"which half of the globe is <C> on, the north or the south",
            r"which hemisphere is <C> in, north or south",
        ),
    ),
    (
        "east_or_west",
        (
            r"(?:is|does) <C> (?:lie )?east or west of greenwich",
            r"on which side of the meridian of greenwich is <C>, east or west",
            r"which half of the globe is <C> on, the east or the west",
            r"which hemisphere is <C> in, east or west",
        ),
    ),
    (
        "further_north",
        (
            r"which city lies further north, <C> or <C>",
            r"which is further north: <C> or <C>",
            r"of <C> and <C>, which lies further north",
            r"of the capitals <C> and <C>, which one is nearer to the north pole",
        ),
    ),
    (
        "latitude_difference",
        (
            r"by how many degrees of latitude do <C> and <C> differ",
            r"how many degrees of latitude lie between <C> and <C>",
            rf"{_ASK} the difference in latitude (?:between|of) <C> and <C>, in degrees",
        ),
    ),
    (
        "standard_time",
        (
            rf"{_ASK} the standard time (?:in|of) <C>",
            r"which standard time is kept in <C>",
            r"by which standard time do the clocks of <C> run",
            r"in which utc zone is <C>, by standard time",
            r"a timetable names the standard time of <C> as utc plus or minus some hours\. what does it say",
            r"somebody sets a watch to the standard time of <C>\. how far from utc is it now",
            r"clocks in <C> show standard time\. which offset from utc is that",
            r"a phone lists <C> among its world clocks, with an offset from utc\. which one, in standard time",
            r"how many hours from utc does standard time stand in <C>",
            r"fill in the standard time: <C> keeps utc\.*",
        ),
    ),
    (
        "time_difference",
        (
            r"how many hours apart are the standard times of <C> and <C>",
            rf"{_ASK} the time difference between <C> and <C>, in hours of standard time",
            r"by how many hours do the standard times of <C> and <C> differ",
            rf"{_ASK} the difference between the standard times of <C> and <C>, in hours",
        ),
    ),
    (
        "clock",
        (
            r"it is <K> standard time in <C>\. what time is it in <C>",
            r"when it is <K> standard time in <C>, what time is it in <C>",
            r"clocks in <C> show <K> standard time\. what do those in <C> show",
            r"at <K> standard time in <C>, what is the time in <C>",
        ),
    ),
    (
        "clock_in_country",
        (
            r"it is <K> standard time in <C>\. what time is it in the capital of <T>",
            r"when it is <K> standard time in <C>, what time is it in the capital of <T>",
            r"clocks in <C> show <K> standard time\. what do those in the capital of <T> show",
            r"at <K> standard time in <C>, what is the time in the capital of <T>",
        ),
    ),
    (
        "same_continent",
        (
            r"(?:do|are) <T> and <T> (?:lie )?on the same continent",
            r"do <T> and <T> belong to one and the same continent",
            r"are <T> and <T> parts of the same continent",
        ),
    ),
    (
        "capital",
        (
            rf"(?:{_ASK}|which city is) (?:the name of )?the capital of <T>",
            r"which city does <T> have as its capital",
            r"<T> has which city as its capital",
            r"which capital city would you fly to on a state visit to <T>",
            r"a map of <T> marks one city as the capital\. which one",
            r"someone sends a postcard from the capital of <T>\. which city is on the stamp",
            r'in a quiz the card says "<T>", and the capital is asked for\. what is the right reply',
            r"the president of another country is received in the capital of <T>\. where is that",
            r"if countries and their capitals are paired, which city goes with <T>",
        ),
    ),
    (
        "country",
        (
            r"which country has the capital <C>",
            r"<C> is the capital of which country",
            r"of which country is <C> the capital",
            r"name the country that has <C> as its capital",
            r"which country is governed from its capital <C>",
            r"you land in <C> and learn that it is a capital\. which country are you in",
            r"on a list of capitals stands <C>\. which country belongs beside it",
            r"<C> is marked as a capital on the map\. whose capital is it",
            r'in a quiz the card says "<C>, capital of \.*"\. how does it go on',
            r"an ambassador moves to the capital <C>\. which country will she work in",
            r"if capitals and countries are paired, which country goes with <C>",
        ),
    ),
    (
        "largest_city",
        (
            rf"{_ASK} the (?:largest|biggest) city (?:of|in) <T>",
            r"which city is the largest in <T>",
            r"which city of <T> has the most people",
            r"in which city of <T> do more people live than in any other",
            r"the cities of <T> are listed by size\. which one stands first",
            r"no other city of <T> has as many people as which one",
            r"you want to see the most crowded city of <T>\. where do you go",
            r"among all cities of <T>, which is home to most people",
            r"a newspaper with readers in the biggest city of <T> is printed where",
            r"which city comes out on top when the people of each city in <T> are counted",
        ),
    ),
    (
        "capital_is_largest",
        (
            r"is the capital of <T> also its largest city",
            r"is the largest city of <T> its capital",
            r"are the capital and the largest city of <T> the same",
            r"does <T> have its capital in its largest city",
            r"is the city with the most people in <T> also the capital",
        ),
    ),
    (
        "currency",
        (
            rf"{_ASK} the currency of <T>",
            r"which currency is used in <T>",
            r"with which currency do people pay in <T>",
            r"which currency does <T> use",
            r"what money is used in <T>",
            r"you change money for a trip to <T>\. which currency do you ask for",
            r"a price tag in a shop in <T> is written in which currency",
            r"a bank in <T> keeps its accounts in which currency",
            r"somebody who works in <T> is paid in which currency",
            r"which money must you have in your purse to buy bread in <T>",
            r"taxes in <T> are paid in which currency",
        ),
    ),
    (
        "users",
        (
            r"which of these countries uses <V>",
            r"in which of these countries do people pay with <V>",
            r"<V> is the currency of which of these countries",
            r"which of these countries has <V> as its currency",
        ),
    ),
    (
        "same_currency",
        (
            r"do <T> and <T> use the same currency",
            r"do people pay with the same currency in <T> and <T>",
            r"do <T> and <T> have one and the same currency",
            r"is the currency of <T> the same as that of <T>",
        ),
    ),
    (
        "language",
        (
            rf"{_ASK} the official language of <T>",
            r"which language is (?:official|the official one) in <T>",
            r"what language does <T> have as its official one",
            r"<T> has which official language",
            r"laws of <T> are published in its official language\. which one is that",
            r"a form from an office in <T> comes in the official language\. which one",
            r"which language should a civil servant in <T> write officially",
            r"a translator works for the state of <T>\. from which official language does she translate",
            r"in the constitution of <T> one language is named as official\. which one",
            r"official letters from <T> are written in which language",
        ),
    ),
    (
        "one_language",
        (
            r"which of these is an official language of <T>",
            r"which of these languages (?:is official|has official status) in <T>",
            r"<T> has which of these as an official language",
            r"name the one of these that is an official language of <T>",
            r"find the official language of <T> among these",
            r"laws of <T> may be written in which of these languages",
            r"which of these languages could an office in <T> use officially",
            r"a form from <T> comes in an official language\. which of these may it be",
            r"only one of these is official in <T>\. which language is it",
            r"a translator for the state of <T> should know which of these official languages",
            r"in the constitution of <T>, which of these languages is named as official",
        ),
    ),
    (
        "countries_of_language",
        (
            r"in which of these countries is <V> an official language",
            r"which of these countries (?:has|uses) <V> as an official language",
            r"<V> is an official language of which of these countries",
        ),
    ),
    (
        "shared_language",
        (
            r"do <T> and <T> (?:share an official language|have an official language in common)",
            r"is any language official in both <T> and <T>",
            r"is there a language that is official in <T> and in <T>",
        ),
    ),
    (
        "one_neighbour",
        (
            r"which of these (?:countries )?(?:borders|is a neighbour of|has a land border with|lies next to) <T>",
            r"<T> shares a border with which of these countries",
            r"with which of these countries does <T> have a common border",
            r"from <T> you can walk straight into which of these countries",
            r"a road leads out of <T>\. which of these countries may begin right behind the border",
            r"border guards of <T> look across to which of these countries",
            r"one of these countries touches <T> on the map\. which one",
            r"which of these can be reached from <T> by crossing just one border",
            r"a train leaves <T> and crosses one border\. in which of these can it be",
        ),
    ),
    (
        "borders",
        (
            r"does <T> border <T>",
            r"do <T> and <T> (?:have a common border|touch each other on the map)",
            r"are <T> and <T> neighbours",
            r"is <T> a neighbour of <T>",
            r"is there a land border between <T> and <T>",
            r"can you step from <T> straight into <T>",
            r"is there a border post with <T> on one side and <T> on the other",
            r"could a hiker in <T> cross one border and be in <T>",
            r"does some road lead out of <T> directly into <T>",
            r"do farmers in <T> anywhere look over a fence into <T>",
            r"would a map of the neighbours of <T> show <T>",
        ),
    ),
    (
        "number_of_neighbours",
        (
            r"how many neighbours does <T> have",
            r"how many countries (?:border|lie next to) <T>",
            r"with how many countries does <T> share a land border",
            rf"{_ASK} the number of neighbours of <T>",
        ),
    ),
    (
        "population",
        (
            rf"{_ASK} the (?:population of|number of people in) <T>{_MILLIONS}",
            r"how many million people live in <T>",
            r"how many millions? (?:of )?inhabitants does <T> have",
            rf"how large is the population of <T>{_MILLIONS}",
            r"everyone in <T> is counted\. how many million people is that",
            r"a yearbook gives the inhabitants of <T> in millions\. which number is it",
            r"if each person in <T> got one coin, how many million coins would it take",
            r"in millions, how many people call <T> their home",
            r"a census of <T> ends\. roughly which number of millions is announced",
            r"how many million inhabitants does a lexicon give for <T>",
        ),
    ),
    (
        "area",
        (
            rf"{_ASK} the (?:area|size) of <T>{_THOUSANDS}",
            rf"how large is <T>{_THOUSANDS}",
            r"how many thousand square kilometres does <T> cover",
            rf"what area does <T> have{_THOUSANDS}",
            r"laid out flat, <T> would fill how many thousand square kilometres",
            r"a yearbook gives the size of <T> in thousands of square kilometres\. which number is it",
            r"all the land and lakes of <T> together make how many thousand square kilometres",
            r"to paint a map of <T>, how many thousand square kilometres must be shown",
            r"how many thousand squares with sides of one kilometre would cover <T>",
            r"how much of the earth, in thousands of square kilometres, belongs to <T>",
        ),
    ),
    (
        "output",
        (
            rf"{_ASK} the economic output of <T>{_BILLIONS}",
            rf"how large is the economic output of <T>{_BILLIONS}",
            r"how many billion dollars is the yearly output of <T> worth",
            r"goods and services of how many billion dollars does <T> produce in a year",
            r"everything that <T> produces in a year is worth how many billion dollars",
            r"a yearbook gives the economy of <T> in billions of dollars\. which number is it",
            r"an economist adds up what <T> makes in a year\. how many billion dollars does she get",
            r"in billions of dollars, what does the economy of <T> come to in a year",
            r"the work of one year in <T> creates a value of how many billion dollars",
            r"how big is the economy of <T> in billions of dollars a year",
        ),
    ),
    (
        "more_populous",
        (
            r"which country has more people, <T> or <T>",
            r"where do more people live, in <T> or in <T>",
            r"which has the larger population: <T> or <T>",
            r"of <T> and <T>, which has more inhabitants",
        ),
    ),
    (
        "larger",
        (
            r"which country is larger by area, <T> or <T>",
            r"which covers more land, <T> or <T>",
            r"which has the larger area: <T> or <T>",
            r"of <T> and <T>, which is larger by area",
        ),
    ),
    (
        "more_output",
        (
            r"which country has the larger economic output, <T> or <T>",
            r"which produces more in a year, <T> or <T>",
            r"which has the larger economy: <T> or <T>",
            r"of <T> and <T>, which has the larger economic output",
        ),
    ),
    (
        "order_by_population",
        (
            r"put in order by population, the largest first: <V>",
            r"order these by population, beginning with the largest: <V>",
            r"sort by number of inhabitants, from most to fewest: <V>",
            r"list from the most to the least populous: <V>",
        ),
    ),
    (
        "order_by_area",
        (
            r"put in order by area, the largest first: <V>",
            r"order these by area, beginning with the largest: <V>",
            r"sort by area, from largest to smallest: <V>",
            r"list from the largest area to the smallest: <V>",
        ),
    ),
    (
        "people_together",
        (
            r"how many million people live in <V> together",
            rf"{_ASK} the (?:combined|total) population of <V>{_MILLIONS}",
            r"add up the populations of <V>\. how many millions is that",
        ),
    ),
    (
        "area_together",
        (
            r"how many thousand square kilometres do <V> cover together",
            rf"{_ASK} the (?:combined|total) area of <V>{_THOUSANDS}",
            r"add up the areas of <V>\. how many thousand square kilometres is that",
        ),
    ),
    (
        "population_difference",
        (
            r"how many million more people live in <T> than in <T>",
            r"by how many millions is the population of <T> larger than that of <T>",
            r"<T> has how many million more inhabitants than <T>",
            r"find how many million people more <T> has than <T>",
        ),
    ),
    (
        "times_as_large",
        (
            r"divide the area of <T> by that of <T> and round to one decimal place",
            r"the area of <T> is how many times that of <T>\? round to one decimal place",
        ),
    ),
    (
        "inverse_times",
        (
            r"how many times as large as <T> is <T>, by area\? round to one decimal place",
            r"by area, how many times does <T> fit into <T>\? round to one decimal place",
        ),
    ),
    (
        "density",
        (
            r"how many people per square kilometre live in <T>, as a whole number",
            r"find the people per square kilometre in <T>, as a whole number",
            r"as a whole number, how many people share a square kilometre in <T>",
            rf"{_ASK} the population density of <T> per square kilometre, as a whole number",
        ),
    ),
    (
        "denser",
        (
            r"which is more densely populated, <T> or <T>",
            r"which has the higher population density: <T> or <T>",
            r"where do more people live on a square kilometre, in <T> or in <T>",
            r"of <T> and <T>, which is more densely populated",
        ),
    ),
    (
        "output_per_person",
        (
            rf"{_ASK} the (?:yearly )?output per person of <T> in thousands of dollars{_ONE_DECIMAL}",
            rf"how many thousand dollars does <T> produce per person{_ONE_DECIMAL}",
            r"to one decimal, how many thousand dollars per person does <T> produce",
        ),
    ),
    (
        "richer",
        (
            r"which has the larger output per person, <T> or <T>",
            r"where is the output per person larger, in <T> or in <T>",
            r"of <T> and <T>, which has the larger output per person",
            r"which produces more for each inhabitant, <T> or <T>",
        ),
    ),
    (
        "rank",
        (
            r"by population, the largest first, in which place is <T> among <V>",
            rf"{_ASK} the rank of <T> by population among <V>, the largest being first",
            r"which place does <T> take among <V>, counted from the most people down",
        ),
    ),
    ("rank_last", (r"order <V> by population, the largest first\. in which place is <T>",)),
    (
        "share",
        (
            rf"what percentage of the people of <V> live in <T>{_PERCENT}",
            rf"of all people in <V>, how many percent live in <T>{_PERCENT}",
            rf"what share of the combined population of <V> lives in <T>, in percent{_PERCENT}",
            rf"take <V> together: how many percent of their people live in <T>{_PERCENT}",
        ),
    ),
    (
        "average",
        (
            rf"{_ASK} the (?:average|mean) population of <V>,? in millions{_ONE_DECIMAL}",
            rf"on average, how many million people live in each of <V>{_ONE_DECIMAL}",
            rf"share the people of <V> equally among the countries: how many million each{_ONE_DECIMAL}",
        ),
    ),
    (
        "described",
        (r"(?:which country is|name|what is the name of|give the name of|what is) <T>",),
    ),
    (
        "neighbours_without_coast",
        (
            r"how many neighbours of <T> have no sea coast",
            r"how many of the countries that border <T> have no sea coast",
            r"count the neighbours of <T> that do not reach the sea",
            r"of the neighbours of <T>, how many have no coast",
            r"among the countries next to <T>, how many lie away from the sea",
        ),
    ),
    (
        "neighbours_with_currency",
        (
            r"how many neighbours of <T> use the same currency as it does",
            r"how many of the countries that border <T> pay with its currency",
            r"of the neighbours of <T>, how many share its currency",
            r"among the countries next to <T>, how many use its currency",
            r"count the neighbours of <T> that use its currency",
        ),
    ),
    (
        "neighbours_together",
        (
            r"how many million people live in all neighbours of <T> together",
            rf"{_ASK} the (?:combined|total) population of (?:the neighbours of|the countries that border) <T>{_MILLIONS}",
            r"add up the populations of the neighbours of <T>\. how many millions is that",
            r"all countries next to <T> have how many million inhabitants together",
        ),
    ),
    (
        "borders_to_cross",
        (
            r"what is the smallest number of borders to cross by land from <T> to <T>",
            r"by land, how many borders at least must you cross from <T> to <T>",
            r"going by land from <T> to <T>, how many borders do you cross at least",
            r"how many borders are there on the shortest way by land from <T> to <T>, counting as few as possible",
        ),
    ),
    (
        "both",
        (
            r"(?:give|state|write down) <Q> and <Q> of <T>, in this order, (?:with|divided by) a semicolon(?: between them)?",
            r"what are <Q> and <Q> of <T>\? write both, with a semicolon between them",
            r"state <Q> and <Q> of <T>, one after the other with a semicolon between",
        ),
    ),
    (
        "claim",
        (
            r"true or false: <S>",
            r"is this true or false\? <S>",
            r"decide whether it is true or false that <S>",
            r"say true or false: <S>",
            r"a classmate says that <S>\. is that true or false",
            r"in a notebook stands: <S>\. true or false",
            r"one pupil claims: <S>\. is the claim true or false",
            r"somebody has written that <S>\. true or false",
        ),
    ),
)
"""Questions without a table, by operation."""

TABLE_QUESTIONS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (
        "cell",
        (
            r"how many (?P<item><W>) does (?P<row><W>) have",
            r"what number of (?P<item><W>) does the table give for (?P<row><W>)",
            r"read from the table how many (?P<item><W>) (?P<row><W>) has",
            r"according to the table, how many (?P<item><W>) has (?P<row><W>)",
            r"look up (?P<row><W>): how many (?P<item><W>) are there",
            r"somebody asks about (?P<row><W>)\. how many (?P<item><W>) should you tell them",
            r"which number of (?P<item><W>) stands beside (?P<row><W>)",
            r"find (?P<row><W>) in the table and say how many (?P<item><W>) it has",
            r"the line of (?P<row><W>) shows how many (?P<item><W>)",
        ),
    ),
    (
        "top_row",
        (
            r"which one has the most (?P<item><W>)",
            r"where does the table show the most (?P<item><W>)",
            r"name the one with the most (?P<item><W>)",
            r"which line of the table has the largest number of (?P<item><W>)",
            r"if you look for many (?P<item><W>), which one do you choose",
            r"no other has as many (?P<item><W>)\. which one is it",
            r"whose number of (?P<item><W>) is the highest",
            r"which one is first when they are ordered by (?P<item><W>), from most to fewest",
            r"a prize goes to the one with most (?P<item><W>)\. who gets it",
        ),
    ),
    (
        "country_total",
        (
            r"how many (?P<item><W>)(?: in the table)? come from (?:countries of )?<V>",
            r"add up the (?P<item><W>) from <V>\. how many are there",
            rf"{_ASK} the total number of (?P<item><W>) from <V>",
        ),
    ),
    (
        "country_users",
        (
            r"how many of these countries use <V>",
            r"in how many of these countries do people pay with <V>",
            r"count the countries in the table that use <V>",
            r"how many countries in the table have <V> as their currency",
        ),
    ),
    (
        "rows_above",
        (
            r"how many have more than <N> (?P<item><W>)",
            r"in how many lines are there more than <N> (?P<item><W>)",
            r"count those with more than <N> (?P<item><W>)",
            r"how many lines show more than <N> (?P<item><W>)",
            r"a line is marked when it has more than <N> (?P<item><W>)\. how many are marked",
            r"how many of them get past <N> (?P<item><W>)",
            r"leave out whoever has <N> (?P<item><W>) or fewer\. how many are left",
            r"of all lines, how many go beyond <N> (?P<item><W>)",
            r"for how many does the table show upwards of <N> (?P<item><W>)",
        ),
    ),
    (
        "row_density",
        (
            r"how many people live on a square kilometre in (?P<row><W>)",
            rf"{_ASK} the population density of (?P<row><W>), in people per square kilometre",
            r"find the people per square kilometre in (?P<row><W>)",
            r"from the table, work out the population density of (?P<row><W>), in people per square kilometre",
            r"on one square kilometre of (?P<row><W>), how many people live",
            r"the people of (?P<row><W>) spread evenly\. how many are on each square kilometre",
            r"how crowded is (?P<row><W>), in people per square kilometre",
            r"divide the people of (?P<row><W>) by its area\. how many per square kilometre is that",
            r"each square kilometre of (?P<row><W>) is home to how many people",
        ),
    ),
    (
        "row_share",
        (
            rf"what percentage of all (?P<item><W>) does (?P<row><W>) have{_PERCENT}",
            rf"how many percent of all (?P<item><W>) are in (?P<row><W>){_PERCENT}",
            rf"find the share of (?P<row><W>) in all (?P<item><W>), in percent{_PERCENT}",
            rf"of all (?P<item><W>) in the table, how many percent has (?P<row><W>){_PERCENT}",
            rf"if all (?P<item><W>) make 100 percent, what does (?P<row><W>) come to{_PERCENT}",
            r"which part of all (?P<item><W>), in whole percent, belongs to (?P<row><W>)",
            rf"a pie chart shows all (?P<item><W>)\. how many percent is the piece of (?P<row><W>){_PERCENT}",
            r"(?P<row><W>) has how much of all (?P<item><W>), in whole percent",
            r"in whole percent, how much of the total of (?P<item><W>) is due to (?P<row><W>)",
        ),
    ),
    (
        "column_sum",
        (
            r"how many (?P<item><W>) are there in all",
            rf"{_ASK} the total number of (?P<item><W>)",
            r"add up all (?P<item><W>) in the table\. how many are there",
            r"how many (?P<item><W>) does the table show together",
            r"everything is put together\. how many (?P<item><W>) is that",
            r"what sum do the (?P<item><W>) of all lines come to",
            r"someone counts the (?P<item><W>) of all lines\. what does she get",
            r"which number of (?P<item><W>) belongs at the foot of the table",
            r"taking all lines, how many (?P<item><W>) are there",
        ),
    ),
)
"""Questions below a table, by operation; the first that fits counts."""

STATEMENTS: Final[tuple[tuple[str, str], ...]] = (
    ("continent", r"the continent of <T> is <V>"),
    ("region", r"the region of <T> is <V>"),
    ("has_coast", r"<T> has (?P<word>a|no) sea coast"),
    ("latitude", r"the latitude of <C> is (?P<word>[0-9]+ degrees?(?: north| south)?)"),
    ("longitude", r"the longitude of <C> is (?P<word>[0-9]+ degrees?(?: east| west)?)"),
    ("north_or_south", r"<C> lies (?P<word>north|south) of the equator"),
    ("east_or_west", r"<C> lies (?P<word>east|west) of greenwich"),
    ("standard_time", r"the standard time of <C> is (?P<word>utc[+-][0-9:]+)"),
    ("shifted", r"<K> (?P<word>plus|minus) <N> hours? is <K>"),
    ("then", r"in <C> it is then <K>"),
    ("same_continent", r"<T> and <T> (?P<word>lie|do not lie) on the same continent"),
    ("capital", r"the capital of <T> is <V>"),
    ("capital_is_largest", r"the capital of <T> is (?P<word>also|not) its largest city"),
    ("largest_city", r"the largest city of <T> is <V>"),
    ("currency", r"the currency of <T> is <V>"),
    ("currency", r"<T> uses <V>"),
    ("same_currency", r"<T> and <T> (?P<word>use|do not use) the same currency"),
    ("languages", r"the official languages? of <T> (?:is|are) <V>"),
    ("speaks", r"<V> is an official language of <T>"),
    ("share_language", r"<T> and <T> share the official language <V>"),
    ("share_none", r"<T> and <T> share no official language"),
    ("neighbours", r"<T> borders <V>"),
    ("no_neighbours", r"<T> borders no other country"),
    ("number_of_neighbours", r"the number of neighbours of <T> is <N>"),
    ("neighbours_without_coast", r"the number of neighbours of <T> without sea coast is <N>"),
    ("neighbours_with_currency", r"the number of neighbours of <T> with the same currency is <N>"),
    ("neighbours_together", r"the combined population of the neighbours of <T> is <N> million"),
    ("population", r"the population of <T> is <N> million"),
    ("area", r"the area of <T> is <N> thousand square kilometres"),
    ("output", r"the economic output of <T> is <N> billion dollars"),
    ("density", r"the population density of <T> is <N> people per square kilometre"),
    ("output_per_person", r"the output per person of <T> is <N> thousand dollars"),
    ("order_by_population", r"the order by population is <V>"),
    ("order_by_area", r"the order by area is <V>"),
    ("people_together", r"the combined population of <V> is <N> million"),
    ("area_together", r"the combined area of <V> is <N> thousand square kilometres"),
    ("rank", r"the rank of <T> by population among <V> is <N>"),
    ("borders_to_cross", r"the shortest way by land from <T> to <T> crosses <N> borders?"),
    ("same", r"<T> is <T>"),
    ("same", r"<T> is <C>"),
    ("cell", r"(?P<row><W>) has <N> (?P<item><W>)"),
    ("top_row", r"the line with the most (?P<item><W>) is (?P<row><W>)"),
    ("column_sum", r"there are <N> (?P<item><W>) in all"),
    ("rows_above", r"the number of lines with more than <N> (?P<item><W>) is <N>"),
    ("country_total", r"the number of (?P<item><W>) from <V> is <N>"),
    ("table_users", r"in the table, <V> uses? <V>"),
)
"""What a line of a solution may state, by operation."""
