/// The stages that every call passes, one file each: they find out what is asked for and by whom, and refuse what may
/// not be.
///
/// A stage knows only what it is given and what comes next; what calls do to objects is the business of the handlers.
/// Start with [io.navarch.apiserver.stages.Stage], then read the stages in the order of
/// [io.navarch.apiserver.ApiServer].
@NullMarked
package io.navarch.apiserver.stages;

import org.jspecify.annotations.NullMarked;
