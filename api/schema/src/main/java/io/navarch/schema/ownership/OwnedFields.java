package io.navarch.schema.ownership;

/// What a manager owns, in the version it wrote.
///
/// @param time of its last change, as it is written; `""` while an apply has changed nothing yet
record OwnedFields(FieldSet fields, String apiVersion, String time) {
    OwnedFields with(FieldSet others) {
        return new OwnedFields(others, apiVersion, time);
    }
}
