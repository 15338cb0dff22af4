"""APP-2, FIL-2, FIL-3: files in the chat of the customer's app: chosen, made smaller, sent, kept, refused."""

import io

from PIL import Image
from playwright.async_api import Locator, expect

from tests.e2e.app_chat import ChatApp, picture
from tests.e2e.marks import ON_THE_LOOP_OF_THE_BROWSER

pytestmark = ON_THE_LOOP_OF_THE_BROWSER

_PASTE = """box => { const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'),
        letter => letter.charCodeAt(0))], 'dot.gif', {type: 'image/gif'}));
    box.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); }"""
_DROP = """kind => { const data = new DataTransfer(); data.items.add(new File(['tea'], 'tea.md', {type: ''}));
    document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true})); }"""


async def test_what_is_begun_is_there_after_a_reload(chat_app: ChatApp) -> None:
    """APP-2: words and files that wait to be sent outlive the page, each in the dialog they belong to."""
    app = chat_app
    await app.attach("document", ("notes.ts", "video/mp2t", b"const tea = 1;"))
    await app.box.fill("half a que")
    await app.page.reload()
    await expect(app.box).to_have_value("half a que")
    await expect(app.page.get_by_text("notes.ts")).to_be_visible()
    await app.box.fill("What is in it?")
    await app.button("chat.send").click()
    await app.sees("Document read: notes.ts (14)")
    await expect(app.page.locator("header").get_by_text("What is in it?")).to_be_visible()
    await app.box.fill("for the first dialog")
    await app.button("chat.new_dialog").click()
    await expect(app.box).to_have_value("")
    await app.box.fill("for a new one")
    await app.link("dialogs.title").click()
    await app.page.get_by_role("main").get_by_text("What is in it?").click()
    await app.page.wait_for_url("**/chat")
    await expect(app.box).to_have_value("for the first dialog")
    await app.button("chat.new_dialog").click()
    await expect(app.box).to_have_value("for a new one")


async def test_a_file_that_does_not_get_through_is_told_and_tried_again(chat_app: ChatApp) -> None:
    """APP-2, FIL-2: a refusal says why; a lost connection offers another try; what is too large is not even sent."""
    app = chat_app
    files = app.page.get_by_role("list", name=app.t("chat.chosen"))
    await app.choose("document", ("a.pdf", "application/pdf", b"MZ\0\1 no pdf"))
    await expect(files.get_by_role("alert")).to_contain_text(app.t("chat.refused.files.kind_refused"))
    await app.button("chat.remove", name="a.pdf").click()
    await app.choose("document", ("b.txt", "text/plain", b"x" * (20 * 2**20 + 1)))
    await expect(files.get_by_role("alert")).to_have_text(app.t("chat.too_large", limit=20))
    await app.button("chat.remove", name="b.txt").click()
    await app.page.route("**/api/v1/files", lambda route: route.abort())
    await app.choose("document", ("c.txt", "text/plain", b"tea"))
    await expect(files.get_by_role("alert")).to_be_visible()
    await app.page.unroute("**/api/v1/files")
    await app.button("chat.retry_upload", name="c.txt").click()
    await expect(files.get_by_role("alert")).to_have_count(0)
    await expect(app.button("chat.send")).to_have_attribute("aria-disabled", "false")
    await app.button("chat.remove", name="c.txt").click()
    await expect(files).to_have_count(0)
    # The browser tells of a request that was ended and of a refusal; nothing else may be told.
    app.problems[:] = [told for told in app.problems if "Failed to load resource" not in told]


async def test_the_camera_s_turn_is_kept_and_a_small_picture_stays_as_it_is(chat_app: ChatApp) -> None:
    """APP-2, FIL-3: a picture is made smaller here, upright, and never larger than it was."""
    app = chat_app
    turned, small = _turned(), picture(60, 40)
    await app.attach("picture", ("turned.jpg", "image/jpeg", turned), ("small.jpg", "image/jpeg", small))
    kilobytes = [float(text.split()[-2]) for text in await _chosen(app).all_inner_texts()]
    assert kilobytes[0] < len(turned) / 2000
    assert kilobytes[1] <= len(small) / 1000 + 0.06
    await app.say("Which way?")
    await app.sees("Pictures received: 2 (1280×1920, 60×40)")


async def test_pasted_and_dropped_pictures_are_chosen(chat_app: ChatApp) -> None:
    """APP-2: a picture from the clipboard and a file that is dropped anywhere."""
    app = chat_app
    await app.box.evaluate(_PASTE)
    files = app.page.get_by_role("list", name=app.t("chat.chosen"))
    await expect(files.get_by_role("listitem")).to_have_count(1)
    await app.page.evaluate(_DROP, "dragenter")
    await app.sees(app.t("chat.drop"))
    await app.page.evaluate(_DROP, "drop")
    await expect(files.get_by_role("listitem")).to_have_count(2)
    await expect(app.page.get_by_text(app.t("chat.drop"))).to_have_count(0)


def _chosen(app: ChatApp) -> Locator:
    return app.page.get_by_role("list", name=app.t("chat.chosen")).get_by_role("listitem")


def _turned() -> bytes:
    """A photo of a phone that was held upright: the pixels lie, and a note says so."""
    made = Image.open(io.BytesIO(picture(2400, 1600)))
    note = Image.Exif()
    note[0x0112] = 6
    out = io.BytesIO()
    made.save(out, "JPEG", quality=95, exif=note)
    return out.getvalue()
