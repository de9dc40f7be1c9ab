/** The start of the client: theme, icons, the session, and the frame that draws the rest. */
import './validation.ts';
import './elements/app-shell.ts';
import { registerIcons } from './icons.ts';
import { startSession } from './session.ts';
import { restoreTheme } from './theme.ts';

restoreTheme();
registerIcons();
startSession();
