"""Words of the public pages that other parts of the console show too."""

from collections.abc import Mapping

from server.info.layout import PageName
from server.texts import N_

PAGE_TITLES: Mapping[PageName, str] = {
    PageName.ACCESSIBILITY: N_("Accessibility"),
    PageName.PRIVACY: N_("Privacy"),
    PageName.TERMS: N_("Terms of use"),
}
"""What the links to the pages say, in their order."""

FEEDBACK = N_("Accessibility feedback")
ANSWERED = N_("Answered accessibility feedback")
CONTROLLER_MISSING = N_("not told yet (whoever runs this service fills it in)")

PROBLEMS: Mapping[str, str] = {
    "message_empty": N_("Write what you want to tell."),
    "message_too_long": N_("The message is too long. Shorten it to 4,000 characters."),
    "too_many_messages": N_("You have sent many messages. Wait {minutes} min, then send again."),
    "reply_code_malformed": N_("Check the reply code. It has 12 letters and digits."),
    "reply_code_unknown": N_("No message has this reply code. Check it."),
    "answer_empty": N_("Write the answer."),
    "answer_too_long": N_("The answer is too long. Shorten it to 4,000 characters."),
    "feedback_unknown": N_("There is no such message. Look at the list."),
    "feedback_already_answered": N_("Somebody answered this message already. Read it in the list."),
}
"""What a refusal says, by its code."""
