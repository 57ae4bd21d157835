/// Which volumes are attached to which nodes.
package io.navarch.controllers.attachdetach;
