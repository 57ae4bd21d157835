package io.navarch.schema;

/// What holds for a kind or does not.
enum Trait {
    NAMESPACED,
    /// Only `create` works: access reviews and the like.
    CREATE_ONLY,
    /// Nothing is stored: the server makes every answer anew.
    COMPUTED,
    /// Comes from a CustomResourceDefinition.
    CUSTOM,
    /// Its CustomResourceDefinition is being deleted: nothing new is taken.
    ENDING,
    /// A finalizer may be any qualified name, also one without a domain.
    ANY_FINALIZERS,
    /// What a name is to begin with may be anything; the name that is made of it is checked.
    ANY_PREFIX,
    /// A deletion does not note what is to become of dependents.
    PROPAGATION_UNNOTED,
    /// The kind takes any metadata of a new object, which has to be like that of all kinds nevertheless.
    ANY_METADATA,
    /// What is wrong with single fields of an update is told twice.
    TOLD_TWICE,
    /// `metadata.generation` counts changes of anything outside metadata and status.
    GENERATION,
    /// The generation is absent until the first change.
    UNCOUNTED_AT_FIRST,
    /// A PUT of an object that is not there creates it.
    CREATE_ON_UPDATE,
    /// A PUT must name the version that it replaces.
    CONDITIONAL,
    /// The generation counts changes of labels as well.
    LABELS_COUNTED,
    /// The generation counts changes of annotations as well.
    ANNOTATIONS_COUNTED,
    /// Dependents stay unless whoever deletes says otherwise.
    KEEPS_DEPENDENTS,
    /// Whoever says nothing of dependents is told that they stay.
    KEEPING_TOLD,
    /// An answer to a deletion is the object that was deleted.
    DELETED_SHOWN,
    /// The status is written through an endpoint of its own.
    STATUS,
    /// A new object comes with its status.
    STATUS_OF_NEW
}
