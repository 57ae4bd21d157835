/// Tells of each FlowSchema whether its priority level is there.
package io.navarch.controllers.flowschema;
