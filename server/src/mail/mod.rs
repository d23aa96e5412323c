//! Mail: messages, templates, the SMTP conversation and the demo's catcher.
