/// Who uses a claim by what the API says now.
@NullMarked
package io.navarch.controllers.protection.users;

import org.jspecify.annotations.NullMarked;
