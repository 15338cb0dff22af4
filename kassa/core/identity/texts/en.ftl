identity-mail-verify-subject = Confirm your e-mail address
identity-mail-verify =
    Hello { $name },

    Please confirm that this address is yours:
    { $link }

    The link works for 3 days. If you did not register, do nothing: without it the address is not used.
identity-mail-reset-subject = A new password
identity-mail-reset =
    Somebody asked for a new password for this address. If it was you, choose one here:
    { $link }

    The link works for one hour and once. If it was not you, do nothing: your password stays as it is.
identity-mail-staff-reset-subject = A new password for the panel
identity-mail-staff-reset =
    Somebody asked for a new password for your staff account. If it was you, choose one here:
    { $link }

    The link works for one hour and once. If it was not you, tell your administrator.
identity-mail-invitation-subject = { $organization } invites you
identity-mail-invitation =
    { $organization } invites you to work in its panel. To accept, open:
    { $link }

    The link works for 7 days.
identity-mail-password-changed-subject = Your password was changed
identity-mail-password-changed =
    The password of your account was changed just now, and your other sessions were closed.

    If it was not you, ask for a new password at once and tell us.
identity-mail-new-sign-in-subject = A new sign-in to your account
identity-mail-new-sign-in =
    Somebody signed in to your account with your password from a place or a program that is new for it:

    { $at }
    Address: { $ip }
    Program: { $program }

    If it was you, do nothing. If not, change your password at once: that ends all other sessions.
identity-mail-telegram-linked-subject = A Telegram account was linked to yours
identity-mail-telegram-linked =
    The Telegram account { $telegram } was linked to your staff account, { $at }.

    From now on it may do everything that your role allows. If this was you, do nothing. If not, change your password at once and unlink Telegram in your profile in the panel.
