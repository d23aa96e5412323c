//! Gestión de usuarios verificados.
