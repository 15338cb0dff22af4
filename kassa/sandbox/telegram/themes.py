"""The colours that Telegram tells Mini Apps: the day and the night theme of its phones, every key of the Bot API."""

from kassa.sandbox.telegram.errors import Json

THEMES: dict[str, Json] = {
    "light": {
        "bg_color": "#ffffff", "text_color": "#000000", "hint_color": "#8e8e93", "link_color": "#007aff",
        "button_color": "#007aff", "button_text_color": "#ffffff", "secondary_bg_color": "#efeff4",
        "header_bg_color": "#f8f8f8", "bottom_bar_bg_color": "#f2f2f2", "accent_text_color": "#007aff",
        "section_bg_color": "#ffffff", "section_header_text_color": "#6d6d72", "section_separator_color": "#c8c7cc",
        "subtitle_text_color": "#8e8e93", "destructive_text_color": "#ff3b30",
    },
    "dark": {
        "bg_color": "#000000", "text_color": "#ffffff", "hint_color": "#98989e", "link_color": "#3e88f7",
        "button_color": "#3e88f7", "button_text_color": "#ffffff", "secondary_bg_color": "#1c1c1d",
        "header_bg_color": "#1a1a1a", "bottom_bar_bg_color": "#1d1d1d", "accent_text_color": "#3e88f7",
        "section_bg_color": "#2c2c2e", "section_header_text_color": "#8d8e93", "section_separator_color": "#545458",
        "subtitle_text_color": "#98989e", "destructive_text_color": "#eb5545",
    },
}  # fmt: skip
