"""Files that nobody dropped: locks, what systems leave in a folder, downloads that are not done."""

LOCKS = ("~$", ".")  # Excel's; LibreOffice's .~lock.name#, and whatever else is hidden
UNFINISHED = (
    ".part", ".partial", ".tmp", ".temp", ".crdownload", ".opdownload", ".download", ".filepart",
)  # fmt: skip
OF_SYSTEMS = ("thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r")  # what Windows and a Mac put beside the files


def is_passed_over(name: str) -> bool:
    """Is this a file, by its name without its folder, that holds no export?"""
    lower = name.lower()
    return name.startswith(LOCKS) or lower.endswith(UNFINISHED) or lower in OF_SYSTEMS
