import { render } from 'preact';
import './style/page.css';
import { App } from './app';
import { applyTheme, theme } from './parts/theme';

applyTheme(theme.get());
const page = document.getElementById('page');
if (page !== null) {
  page.replaceChildren();
  render(<App />, page);
}
