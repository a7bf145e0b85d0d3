package io.claviger.reference;

import java.util.List;

/**
 * Settings that belong together.
 *
 * @param key the prefix of their keys
 * @param meaning of the group
 * @param settings may be empty, because a group may contain only groups
 */
public record SettingsGroup(String key, String meaning, List<Setting> settings) {}
