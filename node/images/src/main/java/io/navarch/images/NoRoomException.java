package io.navarch.images;

import java.io.IOException;

/// The disk has too little left.
public final class NoRoomException extends IOException {
    NoRoomException(String message) {
        super(message);
    }
}
