package io.claviger.reference;

import java.util.List;

/**
 * Settings that belong together.
 *
 * @param key what their keys begin with
 * @param meaning of the group
 * @param settings may be empty: there may be groups in it
 */
public record SettingsGroup(String key, String meaning, List<Setting> settings) {}
