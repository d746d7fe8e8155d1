"""What a refusal says on a page: the words for its code, with what to do next."""

from collections.abc import Mapping

from server.audit.service import Act
from server.feedback import words as feedback
from server.info import words as info
from server.problems import Problem
from server.texts import N_, Texts

WORDS: Mapping[str, str] = {
    "year_still_open": N_("A year is published from 1 February of the next year on."),
    "already_published": N_("This year has been published. Its figures stay as they are."),
    "not_published": N_("The figures of this year have not been published."),
    "malformed_month": N_("Write the month as 2.2027."),
    "period_ends_too_soon": N_("The period must not end before it begins."),
    "period_too_long": N_("Choose ten years at most."),
    "period_to_come": N_("This is still to come. Choose a period that has begun."),
    "venue_not_in_area": N_("Choose a venue of the area from the list."),
    "place_unknown": N_("No municipality and no county has this code. Choose a place of the year."),
    "place_miswritten": N_("A place is named by its code. Did you mean {detail}?"),
    "place_not_in_network": N_("{detail} is not in the network, so there are no figures of it."),
    "place_merged_away": N_("This municipality is part of another one: {detail}."),
    "place_not_published": N_("There are no figures of this place in this year: {detail}."),
    "sign_in_refused": N_("The name, the password and the code do not match. Check them."),
    "one_time_code_used": N_("These six digits have been used. Wait for the next ones."),
    "too_many_tries": N_("Too many tries. Wait {minutes} min, then try again."),
    "invitation_refused": N_("This invitation has been used or is over. Ask for a new one."),
    "password_too_weak": N_("Choose at least 12 characters, without the location's name in them."),
    "wrong_one_time_code": N_("Type the six digits that the authenticator shows now."),
    "malformed_initials": N_("Write 2 to 4 letters, or leave this empty."),
    "handle_taken": N_("Another location has this name. Choose another one."),
    "malformed_handle": N_("Use 3 to 60 small letters a-z, digits and hyphens."),
    "too_young": N_("The holder must turn 16 this year at the latest."),
    "malformed_birth_year": N_("Write the year of birth with four digits, for example 1975."),
    "malformed_postcode": N_("Write the postcode with five digits, for example 33100."),
    "home_not_in_network": N_(
        "This postcode belongs to no municipality of the network. Check the number."
    ),
    "children_out_of_range": N_("Write a number from 0 to 23."),
    "unknown_class": N_("Choose one from the list."),
    "form_used": N_(
        "A card was granted with this form already. If this is for another holder, send it again."
    ),
    "grounds_missing": N_("Choose one from the list."),
    "card_not_renewable": N_(
        "A card can be renewed from 60 days before its last day, and only once."
    ),
    "card_already_followed": N_("This card has been followed by a newer one. Use that one."),
    "card_blocked": N_("The card is blocked. Open it first."),
    "card_expired": N_("The card is over. Renew it first."),
    "event_unnamed": N_("Write a name of 1 to 120 characters."),
    "event_ends_too_soon": N_("The event must end after it begins."),
    "event_too_long": N_("An event lasts a week at most, a course a year. Add each of its days."),
    "places_out_of_range": N_("Write a number from 0 to 9999, or leave it empty."),
    "unknown_accessibility": N_("Choose from the list."),
    "limit_not_found": N_("There is no such limit here. Look at the list."),
    "fee_of_no_course": N_("Only a course has a fee. Leave it empty, or say that it is a course."),
    "malformed_amount": N_("Write the amount as 25 or 25,50."),
    "limit_out_of_range": N_("Write a number from 0 to 9999."),
    "period_missing": N_("Choose a period. Places are counted in a day, a week or a month."),
    "limit_category_not_here": N_("Choose one from the list."),
    "covers_no_course": N_("Only courses have a fee. Leave it empty, or choose courses only."),
    "broker_unnamed": N_("Write a name of 1 to 120 characters."),
    "event_category_not_here": N_("Choose one from the list."),
    "link_not_safe": N_("Write an address that begins with https://, of at most 500 characters."),
    "visitor_text_too_long": N_("This is too long. Write at most {detail} characters."),
    "document_unreadable": N_(
        "This is no list of events of Linked Events (JSON). Check what you saved."
    ),
    "document_too_long": N_("Send at most 500 events (8 MB) at a time."),
    "document_empty": N_("There is no event in it."),
    "source_unnamed": N_("It has no id by which it would be known again."),
    "source_untimed": N_("It does not say when it begins, or ends, with the zone of the time."),
    "event_has_visits": N_("Somebody came to this event, so it stays."),
    "table_unreadable": N_(
        "The first line must name the columns: at least päivä and kortti. Check the file."
    ),
    "table_empty": N_("There is no visit in it. Fill in the day and the card code."),
    "table_too_long": N_("Send at most 50,000 lines (8 MB) at a time."),
    "malformed_day": N_("Write the day as 28.2.2027."),
    "malformed_time": N_("Write the time as 18.00."),
    "malformed_card_code": N_("This is no card code. Check each symbol."),
    "unknown_card_code": N_("No card has this code. Check each symbol."),
    "malformed_number": N_("Write the number of children as a number."),
    "malformed_category": N_("Say what the visit was for, in a way that this venue has."),
    "scan_in_future": N_("This day is still to come."),
    "category_not_here": N_("This venue has no such visits."),
    "too_many_children": N_("No card has so many children."),
    "negative_children": N_("Write a number from 0 to 23."),
    "resting": N_("Too many unknown codes. Correct them, wait a minute, and send the rest."),
    "scan_id_taken": N_("This line was recorded elsewhere."),
    "scan_not_waiting": N_("Somebody has decided about this scan already."),
    "malformed_moment": N_("Choose the day and the time."),
    "scanner_unnamed": N_("Write a name of 1 to 60 characters."),
    "location_unnamed": N_("Write a name of 1 to 120 characters."),
    "category_missing": N_("Choose at least one."),
    "unknown_municipality": N_("Choose a municipality from the list, for example 837 Tampere."),
    "incomplete_municipality_code": N_("The code has three digits. Did you mean {detail}?"),
    "county_missing": N_("Choose the wellbeing county from the list."),
    "area_taken": N_("This municipality is in the network already."),
    "area_not_in_network": N_("This municipality is not in the network. Add it first."),
    "merges_into_itself": N_("Choose two different municipalities."),
    "merged_already": N_("This municipality has merged into another already."),
    "merger_in_the_past": N_("Choose a day from the list."),
    "malformed_postcodes": N_("Write postcodes of five digits, with spaces between them."),
    "postcode_taken": N_("One of the postcodes belongs to another area already."),
    "children_age_out_of_range": N_("Write an age from 7 to 25 years."),
    "malformed_ground_code": N_("Use 3 to 30 small letters a-z, digits and underscores."),
    "ground_code_taken": N_("Another ground has this code. Choose another one."),
    "ground_unnamed": N_("Write what the ground is called, in 1 to 120 characters."),
    "last_ground": N_("This is the only ground that is open. Add or open another one first."),
    "undo_too_late": N_("A visit can be undone for 15 minutes. Ask your coordinator."),
    "visit_not_found": N_("There is no such visit here. Look at the list."),
    "agreement_asked": N_("Read the agreement first, and confirm it."),
    "console_sign_in_required": N_("Sign in first."),
    "not_for_this_role": N_("This page belongs to another role. Choose from the menu."),
    "not_here": N_("There is nothing at this address. Choose from the menu."),
    "foreign_form": N_("The form did not come from these pages. Open the page again."),
    "too_large": N_("This is too long to be sent. Shorten it."),
    "server_error": N_("Something went wrong here. Nothing was stored. Try again in a moment."),
    "too_much_work": N_(
        "Three long pieces of work are unfinished. Wait for one of them, or stop it."
    ),
    "work_not_found": N_("There is no such work here, or not any more. Look at the list."),
    "no_card_chosen": N_("Choose at least one card."),
    "sheets_gone": N_(
        "The file has been downloaded, or its day is over. Print the sheets again if you need them."
    ),
    **info.PROBLEMS,
    **feedback.PROBLEMS,
}
_OTHERWISE = N_("This did not work. Open the page again.")


def words_of(problem: Problem, t: Texts) -> str:
    """Say *problem* in the reader's language."""
    minutes = -(-(problem.retry_after_s or 0) // 60)
    words = WORDS.get(problem.code, _OTHERWISE)
    return t(words, minutes=minutes, detail=problem.detail or "")


def words_of_code(code: str, t: Texts) -> str:
    """Say a problem that was kept by its code."""
    return t(WORDS.get(code, _OTHERWISE))


ACTS: Mapping[str, str] = {
    Act.SIGNED_IN: N_("Signed in"),
    Act.CARD_GRANTED: N_("Granted a card"),
    Act.CARD_LOOKED_AT: N_("Looked at a card"),
    Act.CARDS_LISTED: N_("Listed cards"),
    Act.FIGURES_READ: N_("Read live figures"),
    Act.FIGURES_CHOSEN: N_("Chose figures of the area"),
    Act.VISITS_DOWNLOADED: N_("Downloaded a table of visits"),
    Act.CARD_SOUGHT: N_("Looked for a card that is not there"),
    Act.SHEET_PRINTED: N_("Printed a sheet"),
    Act.ACTIVATION_SHOWN: N_("Showed an activation code"),
    Act.CARD_BLOCKED: N_("Blocked a card"),
    Act.CARD_UNBLOCKED: N_("Opened a blocked card"),
    Act.CARD_RENEWED: N_("Renewed a card"),
    Act.CARD_REPLACED: N_("Replaced a card"),
    Act.CARD_TAKEN_OFF_PHONE: N_("Took a card off a phone"),
    Act.CHILDREN_CORRECTED: N_("Corrected the number of children"),
    Act.SCANNER_INVITED: N_("Showed a pairing code"),
    Act.SCANNER_REVOKED: N_("Revoked a scanner"),
    Act.EVENT_ADDED: N_("Added an event"),
    Act.EVENT_CHANGED: N_("Changed an event"),
    Act.EVENT_REMOVED: N_("Removed an event"),
    Act.VISITORS_TOLD: N_("Told visitors something else"),
    Act.LIMIT_SET: N_("Set a limit"),
    Act.LIMIT_ENDED: N_("Ended a limit"),
    Act.BROKER_ADDED: N_("Added a ticket broker"),
    Act.BROKER_KEY_DRAWN: N_("Gave a ticket broker a key"),
    Act.BROKER_KEY_ENDED: N_("Ended a ticket broker's key"),
    Act.BROKER_ALLOWED: N_("Let a ticket broker record"),
    Act.BROKER_STOPPED: N_("Stopped a ticket broker"),
    Act.VISIT_UNDONE: N_("Undid a visit"),
    Act.VISIT_UPHELD: N_("Said that a disputed visit happened"),
    Act.HOLDER_ERASED: N_("Erased a card holder"),
    Act.PAPER_TRIED: N_("Looked what would become of visits from paper"),
    Act.PAPER_RECORDED: N_("Recorded visits from paper"),
    Act.SCAN_TAKEN: N_("Made a visit of an old scan"),
    Act.SCAN_LEFT: N_("Left an old scan without a visit"),
    Act.ACCESS_GRANTED: N_("Granted access"),
    Act.ACCESS_INVITED: N_("Made a new invitation"),
    Act.ACCESS_WITHDRAWN: N_("Withdrew access"),
    Act.CONFLICT_SETTLED: N_("Settled a conflict"),
    Act.AGREEMENT_ACKNOWLEDGED: N_("Acknowledged the agreement"),
    Act.INDUCTION_CONFIRMED: N_("Confirmed the induction"),
    Act.DUTIES_ASKED_AGAIN: N_("Asked for agreement and induction again"),
    Act.FEEDBACK_ANSWERED: info.ANSWERED,
    Act.AREA_ADDED: N_("Added an area"),
    Act.AREA_MERGED: N_("Merged an area into another"),
    Act.CHILDREN_AGE_SET: N_("Set the children's age"),
    Act.AREA_AGE_SET: N_("Set the children's age of the area"),
    Act.PILOT_BEGUN: N_("Began a local pilot"),
    Act.PILOT_ENDED: N_("Ended a local pilot"),
    Act.GROUND_ADDED: N_("Added a ground"),
    Act.GROUND_REWORDED: N_("Reworded a ground"),
    Act.GROUND_MOVED: N_("Moved a ground"),
    Act.GROUND_CLOSED: N_("Closed a ground"),
    Act.GROUND_OPENED: N_("Opened a ground"),
    Act.SHEETS_DOWNLOADED: N_("Downloaded many sheets"),
    Act.VISITOR_ANSWERED: N_("Answered a visitor"),
    Act.POST_REPORTED: N_("Reported a visitor's post"),
    Act.POST_LEFT: N_("Left a reported post"),
    Act.POST_REMOVED: N_("Removed a reported post"),
    Act.THREAD_CLOSED: N_("Removed a reported post and closed the conversation"),
    Act.MESSAGE_SENT: N_("Sent a message to holders"),
    Act.MESSAGE_WITHDRAWN: N_("Withdrew a message to holders"),
}
"""What each act of the audit log is called."""
