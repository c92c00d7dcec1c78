export const databaseSaboteurs: readonly [] = [];
