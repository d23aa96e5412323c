//! SMS: the HTTP gateway and the demo's mailbox.
