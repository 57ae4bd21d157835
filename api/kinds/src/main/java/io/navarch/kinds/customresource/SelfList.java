package io.navarch.kinds.customresource;

import java.util.AbstractList;
import java.util.List;

/// A list whose elements are of one schema.
class SelfList extends AbstractList<Object> {
    final List<?> raw;
    final SelfShape element;

    SelfList(List<?> raw, SelfShape element) {
        this.raw = raw;
        this.element = element;
    }

    @Override
    public Object get(int index) {
        return element.value(raw.get(index));
    }

    @Override
    public int size() {
        return raw.size();
    }
}
