//! The user interface, rendered on the server and hydrated in the browser.
