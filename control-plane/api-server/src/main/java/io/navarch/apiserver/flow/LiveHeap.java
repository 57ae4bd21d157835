package io.navarch.apiserver.flow;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/// How much of the heap was in use when what nobody needs had just been collected. It costs nothing between
/// collections.
public final class LiveHeap implements AutoCloseable {
    /// Of the heap, after any collection, which may have left something for the next one.
    private static final double NEARLY_ALL = 0.9;

    /// Of the heap, as far as it has been looked through for what is still needed.
    private static final double MOST = 0.8;

    private final long heap;
    private final List<MemoryPoolMXBean> pools;
    private final Optional<MemoryPoolMXBean> old;
    private final NotificationListener listener = this::collected;
    private volatile long live;
    private volatile boolean scarce;

    public LiveHeap(long heap) {
        this.heap = heap;
        pools = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
        old = pools.stream().filter(pool -> pool.getName().contains("Old")).findFirst();
        for (var collector : ManagementFactory.getGarbageCollectorMXBeans())
            if (collector instanceof NotificationEmitter emitter) emitter.addNotificationListener(listener, null, null);
    }

    private void collected(Notification notification, Object unused) {
        if (!(notification.getUserData() instanceof CompositeData data)) return;
        var after = GarbageCollectionNotificationInfo.from(data).getGcInfo().getMemoryUsageAfterGc();
        var searched = old.map(MemoryPoolMXBean::getCollectionUsage).map(MemoryUsage::getUsed);
        live = inUse(after);
        scarce = scarce(heap, live, searched.orElse(0L));
    }

    private long inUse(Map<String, MemoryUsage> after) {
        long sum = 0;
        for (var pool : pools) {
            var usage = after.get(pool.getName());
            if (usage != null) sum += usage.getUsed();
        }
        return sum;
    }

    /// @param live what was in use after the last collection
    /// @param searched the part of it that was last found to be needed
    static boolean scarce(long heap, long live, long searched) {
        return live > heap * NEARLY_ALL || Math.min(live, searched) > heap * MOST;
    }

    /// Whether nothing may begin that takes much.
    public boolean scarce() {
        return scarce;
    }

    public long size() {
        return heap;
    }

    /// Bytes in use after the last collection; 0 before the first.
    public long live() {
        return live;
    }

    @Override
    public void close() {
        for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (!(collector instanceof NotificationEmitter emitter)) continue;
            try {
                emitter.removeNotificationListener(listener);
            } catch (ListenerNotFoundException e) {
                // It listens no longer.
            }
        }
    }
}
