//! The states of a pre-assigned password while it is mailed.
