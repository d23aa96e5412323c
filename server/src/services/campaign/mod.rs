//! The campaign: funnel, selection, list, deletion.
