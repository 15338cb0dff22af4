import { addTexts } from "../../../app/i18n";
import en from "./en.json";
import ru from "./ru.json";

/** The words of the chat and of its dialogs come with whichever of them is opened first. */
addTexts({ ru, en });
